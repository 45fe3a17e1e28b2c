/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* Forms as people write and fill them: tests/forms/written.txt, which says itself how it is to be read. Each is
 * read with its blank form, where it has one, and without: what is sure then must be right as well. */
#include "base/str.h"
#include "core/fold.h"
#include "form/form_read.h"
#include "form_fixture.h"

enum { FILE_MAX = 1 << 20 };

static const struct fixture_field usual[] = {
        { "name", FIELD_NAME, true, "Imię i nazwisko|Imię i nazwisko uczestnika", NULL },
        { "organisation", FIELD_ORGANISATION, true,
            "Nazwa organizacji / urzędu|Nazwa instytucji delegującej|Instytucja|Organizacja", NULL },
        { "sector", FIELD_CHOICE, false, "Sektor|Rodzaj instytucji|Typ instytucji",
            "NGO|organizacja pozarządowa (NGO)|organizacja pozarządowa|NGO;"
            "JST|jednostka samorządu terytorialnego (JST)|samorząd|JST;inny|inny" },
        { "position", FIELD_TEXT, false, "Stanowisko / funkcja|Zajmowane stanowisko|Stanowisko|Funkcja",
            NULL },
        { "address", FIELD_TEXT, false, "Adres do korespondencji|Adres korespondencyjny|Adres", NULL },
        { "phone", FIELD_PHONE, false, "Telefon kontaktowy|Nr telefonu|Telefon|Tel.", NULL },
        { "email", FIELD_EMAIL, false, "Adres e-mail|Adres mailowy|E-mail", NULL },
        { "diet", FIELD_CHOICE, false, "Dieta|Wyżywienie|Preferencje żywieniowe",
            "standardowa|standardowa;wegetariańska|wegetariańska;wegańska|wegańska;bezglutenowa|"
            "bezglutenowa" },
        { "night", FIELD_YESNO, false, "Nocleg|Czy potrzebuje Pan/Pani noclegu", NULL },
        { "remarks", FIELD_TEXT, false, "Uwagi|Dodatkowe uwagi", NULL },
        { "consent", FIELD_CONSENT, true, "Wyrażam zgodę na przetwarzanie moich danych osobowych", NULL },
};

struct wanted {
        char *title;
        struct form form;
        struct buf blank, text, want;
        bool blank_needed; /* it brings answers of its own */
};

static void fill_field(struct field *field, const char *key, enum field_type type, bool required,
    const char *labels, const char *options)
{
        *field = (struct field){ .key = xstrdup(key), .type = type, .required = required };
        fixture_split(&field->labels, labels, "|");
        if (options != NULL)
                fixture_options(field, options);
}

/* "+ key type labels > options": a field more, or another in the place of the usual one. */
static void add_field(struct form *form, const char *text)
{
        char key[64], word[64];
        int at = 0;
        enum field_type type;
        struct form old = { .fields = xcalloc(1, sizeof *old.fields), .count = 1 };
        CLEANUP_FREE char *copy = NULL;
        char *options;
        size_t i = 0;

        assert_int_equal(sscanf(text, " %63s %63s %n", key, word, &at), 2);
        assert_int_equal(field_type_parse(word, &type), 0);
        copy = xstrdup(text + at);
        options = strstr(copy, " > ");
        if (options != NULL) {
                *options = '\0';
                options += 3;
        }
        while (i < form->count && strcmp(form->fields[i].key, key) != 0)
                i++;
        if (i == form->count)
                form->fields = xreallocarray(form->fields, ++form->count, sizeof *form->fields);
        else
                old.fields[0] = form->fields[i];
        fill_field(&form->fields[i], key, type, false, copy, options);
        if (old.fields[0].key == NULL)
                old.count = 0;
        form_free(&old);
}

static struct form usual_form(void)
{
        struct form form = { .count = sizeof usual / sizeof *usual };

        form.fields = xcalloc(form.count, sizeof *form.fields);
        for (size_t i = 0; i < form.count; i++)
                fill_field(&form.fields[i], usual[i].key, usual[i].type, usual[i].required, usual[i].labels,
                    usual[i].options);
        return form;
}

static char *told(const struct form *form, const struct reading *reading)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        buf_puts(&out, reading->form ? "form\n" : reading->blank ? "blank\n" : "none\n");
        for (size_t i = 0; i < reading->people_count; i++) {
                if (i > 0)
                        buf_puts(&out, "//\n");
                for (size_t k = 0; k < form->count; k++) {
                        const struct reading_value *value = &reading->people[i].values[k];
                        if (value->value == NULL)
                                continue;
                        assert_true(field_is_normal(&form->fields[k], value->value));
                        buf_printf(&out, "%s%s: ", form->fields[k].key, value->confidence < 0.8 ? "?" : "");
                        for (const char *c = value->value; *c != '\0'; c++)
                                buf_puts(&out, (char[]){ *c == '\n' ? '|' : *c, '\0' });
                        buf_putc(&out, '\n');
                }
        }
        return buf_detach(&out, NULL);
}

static char *read_told(const struct wanted *wanted, const char *blank_text, const char *text)
{
        struct document doc = fixture_document("f.docx", text);
        struct document blank = fixture_document("blank.docx", blank_text != NULL ? blank_text : "");
        struct reading reading;
        char *result;

        form_read(&wanted->form, blank_text != NULL ? &blank : NULL, &doc, &reading);
        result = told(&wanted->form, &reading);
        reading_free(&reading);
        document_free(&doc);
        document_free(&blank);
        return result;
}

/* Every line of "got" that is sure is among those wanted, sure or not. */
static bool is_right_where_sure(const char *got, const char *want)
{
        struct str_list lines = { 0 };
        CLEANUP_FREE char *hay = xasprintf("\n%s", want);
        bool right = true;

        fixture_split(&lines, got, "\n");
        for (size_t i = 1; i < lines.count; i++) {
                const char *colon = strstr(lines.items[i], ": ");
                CLEANUP_FREE char *line = xasprintf("\n%s\n", lines.items[i]);
                if (colon == NULL || colon[-1] == '?')
                        continue;
                CLEANUP_FREE char *unsure =
                    xasprintf("\n%.*s?%s\n", (int)(colon - lines.items[i]), lines.items[i], colon);
                right = right && (strstr(hay, line) != NULL || strstr(hay, unsure) != NULL);
        }
        str_list_free(&lines);
        return right;
}

static size_t check(const struct wanted *wanted)
{
        const char *blank = wanted->blank.size > 0 ? buf_text(&wanted->blank) : NULL;
        const char *want = buf_text(&wanted->want), *text = buf_text(&wanted->text);
        CLEANUP_FREE char *got = read_told(wanted, blank, text);
        CLEANUP_FREE char *alone = read_told(wanted, NULL, text);
        size_t failed = 0;

        if (strcmp(got, want) != 0 && ++failed)
                print_error("%s\n got  %s want %s", wanted->title, got, want);
        if (!wanted->blank_needed && !is_right_where_sure(alone, want) && ++failed)
                print_error("%s: without its blank form\n got  %s want %s", wanted->title, alone, want);
        if (blank != NULL) {
                CLEANUP_FREE char *empty = read_told(wanted, blank, blank);
                if (strchr(empty, ':') != NULL && ++failed)
                        print_error("%s: the blank form gives\n %s", wanted->title, empty);
        }
        return failed > 0;
}

static char *read_file(const char *path)
{
        FILE *file = fopen(path, "r");
        char *text = xcalloc(FILE_MAX, 1);

        if (file == NULL)
                fail_msg("%s cannot be read", path);
        (void)!fread(text, 1, FILE_MAX - 1, file);
        fclose(file);
        return text;
}

static void add_line(struct buf *buf, const char *line)
{
        static const struct {
                const char *sign;
                char byte;
        } signs[] = { { "→", '\t' }, { "↵", '\v' } };

        while (*line != '\0') {
                size_t i = 0;

                while (i < sizeof signs / sizeof signs[0] && !str_starts(line, signs[i].sign))
                        i++;
                buf_putc(buf, i < sizeof signs / sizeof signs[0] ? signs[i].byte : *line);
                line += i < sizeof signs / sizeof signs[0] ? strlen(signs[i].sign) : 1;
        }
        buf_putc(buf, '\n');
}

static void wanted_free(struct wanted *wanted)
{
        free(wanted->title);
        form_free(&wanted->form);
        buf_free(&wanted->blank);
        buf_free(&wanted->text);
        buf_free(&wanted->want);
        *wanted = (struct wanted){
                .blank = BUF_INIT(FILE_MAX), .text = BUF_INIT(FILE_MAX), .want = BUF_INIT(FILE_MAX)
        };
}

static void test_written(void **state)
{
        struct wanted wanted = { 0 };
        CLEANUP_FREE char *all = read_file("tests/forms/written.txt");
        struct buf *part = NULL;
        size_t failed = 0, count = 0;

        (void)state;
        wanted_free(&wanted);
        for (char *line = all, *next; line != NULL && *line != '\0'; line = next) {
                next = strchr(line, '\n');
                if (next != NULL)
                        *next++ = '\0';
                if (str_starts(line, "== ")) {
                        failed += wanted.title != NULL ? check(&wanted) : 0;
                        wanted_free(&wanted);
                        wanted.title = xstrdup(line + 3);
                        wanted.form = usual_form();
                        part = NULL;
                        count++;
                } else if (str_starts(line, "<<")) {
                        part = &wanted.blank;
                        wanted.blank_needed = line[2] == '!';
                } else if (str_starts(line, ">>")) {
                        part = &wanted.text;
                } else if (str_starts(line, "==> ")) {
                        part = &wanted.want;
                        add_line(part, line + 4);
                } else if (part == NULL && wanted.title != NULL && str_starts(line, "+ ")) {
                        add_field(&wanted.form, line + 2);
                } else if (part != NULL && !(part == &wanted.want && *line == '\0')) {
                        add_line(part, line);
                }
        }
        failed += wanted.title != NULL ? check(&wanted) : 0;
        wanted_free(&wanted);
        buf_free(&wanted.blank);
        assert_true(count > 0);
        if (failed > 0)
                fail_msg("%zu of %zu forms are not read as wanted", failed, count);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_written) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
