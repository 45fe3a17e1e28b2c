/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a label asks: key, type, whether it must be answered. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/fold.h"
#include "core/phrase.h"
#include "core/word.h"
#include "form/learn.h"

enum {
        KEY_LENGTH = 32,
        KEY_WORDS = 3,
        OPTION_LENGTH = 60,
        ACRONYM_LENGTH = 8,
        CONSENT_WORDS = 14,
        WORDS_MAX = 40
};

/* The first row with one of the stems in the label wins, unless the label has one of "not", too. */
static const struct {
        const char *key;
        enum field_type type;
        const char *stems[14];
        const char * not [14];
} guesses[] = {
        { "birth_date", FIELD_DATE, { "urodz", "birth" }, { "miejsc", "rok$", "nazwisk" } },
        { "email", FIELD_EMAIL, { "mail", "email", "elektronicz" }, { "faktur", NULL } },
        { "fax", FIELD_PHONE, { "faks", "fax" }, { "telefon", "tel$" } },
        { "phone", FIELD_PHONE, { "telefon", "tel$", "komork", "phone", "mobile" }, { NULL } },
        { "guardian", FIELD_TEXT, { "opiekun", "rodzic", "asystent" }, { NULL } },
        { "invoice", FIELD_TEXT, { "faktur", "nabywc", "platnik", "invoice" }, { NULL } },
        { "name", FIELD_NAME, { "imie$", "imiona", "imienia", "nazwisk", "surname", "fullname" },
            { "panien", "rodow" } },
        { "position", FIELD_TEXT, { "stanowisk", "funkcj", "zawod$", "position", "occupation" }, { NULL } },
        { "sector", FIELD_TEXT, { "sektor", "sector" }, { NULL } },
        { "sector", FIELD_TEXT, { "rodzaj$", "typ$", "forma$", "status" },
            { "diet", "zywien", "zajec", "udzial", "warsztat", "szkolen", "zaswiadcz", "transport",
                "nocleg" } },
        { "nip", FIELD_TEXT, { "nip$" }, { NULL } },
        { "regon", FIELD_TEXT, { "regon$" }, { NULL } },
        { "pesel", FIELD_TEXT, { "pesel$" }, { NULL } },
        { "address", FIELD_TEXT, { "adres", "ulica$", "zamieszk", "address" },
            { "nazwa$", "www$", "strony$" } },
        { "diet", FIELD_TEXT, { "diet", "wyzywien", "zywienio", "posil", "menu$", "obiad" }, { NULL } },
        { "accommodation", FIELD_TEXT, { "nocleg", "zakwaterow", "hotel", "accommodation" }, { NULL } },
        { "needs", FIELD_TEXT, { "niepelnospraw", "specjaln", "dostepnosc", "needs" }, { NULL } },
        { "remarks", FIELD_TEXT,
            { "uwag", "komentarz", "oczekiwan", "sugest", "remarks", "comments", "notes" }, { NULL } },
        { "organisation", FIELD_ORGANISATION,
            { "organizac", "instytuc", "urzed", "urzad", "podmiot", "firm", "jednost", "placowk",
                "stowarzysz", "fundacj", "organisation", "organization", "institution" },
            { "numer", "liczb", "czlon", "dzial", "komork", "organizator", "doswiadcz", "rola$" } },
        { "organisation", FIELD_ORGANISATION, { "pracodawc", "pracy$", "employer", "company" }, { "staz" } },
        { "postcode", FIELD_TEXT, { "kod$", "pocztow" }, { NULL } },
        { "town", FIELD_TEXT, { "miejscowosc", "miasto", "town", "city$" }, { NULL } },
        { "county", FIELD_TEXT, { "powiat" }, { NULL } },
        { "commune", FIELD_TEXT, { "gmin" }, { NULL } },
        { "province", FIELD_TEXT, { "wojewodz" }, { NULL } },
        { "education", FIELD_TEXT, { "wyksztalc", "education" }, { NULL } },
        { "experience", FIELD_TEXT, { "doswiadcz", "experience" }, { NULL } },
        { "age", FIELD_NUMBER, { "wiek$", "age$" }, { NULL } },
        { "people", FIELD_NUMBER, { "liczba$", "ilosc$" }, { NULL } },
        { "certificate", FIELD_TEXT, { "zaswiadcz", "certyfik", "certificate" }, { NULL } },
        { "transport", FIELD_TEXT, { "dojazd", "transport", "parking" }, { NULL } },
        { "source", FIELD_TEXT, { "dowiedzi", "zrodlo" }, { NULL } },
        { "date", FIELD_DATE, { "data$", "date$" }, { NULL } },
        { "name", FIELD_NAME, { "name$", "participant", "uczestni" },
            { "nazwa$", "danych", "status", "udzial" } },
};
enum { GUESSES = sizeof guesses / sizeof guesses[0] };

/* Whether a word of the folded text begins with one of the stems. */
static bool has_stem(const char *key, const char *const *stems)
{
        CLEANUP_FREE char *copy = xstrdup(key);
        char *save = NULL;

        for (char *word = strtok_r(copy, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
                if (stems[0] != NULL && word_has_stem(word, stems))
                        return true;
        return false;
}

static size_t guess_of(const char *key)
{
        for (size_t i = 0; i < GUESSES; i++)
                if (has_stem(key, guesses[i].stems) && !has_stem(key, guesses[i].not ))
                        return i;
        return GUESSES;
}

/* ---- no questions */

enum learn_kind learn_kind_of(const char *label)
{
        static const char *const signing[] = { "podpis", "pieczec", "pieczat", "signature", "wplynel", "lp$",
                NULL };
        static const char *const when[] = { "data$", "miejscowosc", "miejsce$", "dnia$", "i$", "dn$", "date$",
                "place$", "and$", "wypelnienia$", "zgloszenia$", NULL };
        static const char *const organiser[] = { "wypelnia organizator", "nalezy odeslac", "prosimy odeslac",
                "prosze odeslac", "odeslac na", "przeslac na", "do dnia", "termin zgloszen",
                "prosimy o uzupelnienie", "prosimy o wypelnienie", "prosze wypelnic", "prosze o wypelnienie",
                "please fill", "kliknij lub nacisnij", "click or tap", "wybierz element", "zalacznik nr",
                "tytul szkolenia", "termin szkolenia", "miejsce szkolenia", "temat szkolenia", NULL };
        CLEANUP_FREE char *key = fold_key(label), *copy = xstrdup(key);
        char *save = NULL;
        bool only_when = true;

        if (*key == '\0' || has_stem(key, signing) || phrase_in(key, organiser))
                return LEARN_NOTHING;
        for (char *word = strtok_r(copy, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
                only_when = only_when && word_has_stem(word, when);
        if (only_when && strcmp(key, "miejscowosc") != 0)
                return LEARN_NOTHING;
        return guess_of(key) < GUESSES ? LEARN_LIKELY : LEARN_UNKNOWN;
}

/* ---- consents */

bool learn_is_consent(const char *text)
{
        static const char *const agreeing[] = { "zgode", "zgoda na", "zgadzam", "i agree", "i consent",
                "akceptuje", NULL };
        CLEANUP_FREE char *key = fold_key(text);
        size_t words = 1;

        for (const char *c = key; *c != '\0'; c++)
                words += *c == ' ';
        return words >= 4 && phrase_in(key, agreeing);
}

/* Words before which the sentence says by whom, what for, and under which law. */
static bool ends_label(const char *word)
{
        static const char *const ends[] = { "przez$", "celu$", "celach$", "zgodnie$", "zawartych$",
                "podanych$", "by$", NULL };

        return word_has_stem(word, ends);
}

char *learn_consent_label(const char *text)
{
        CLEANUP_FREE char *copy = fold_spaces(text);
        struct buf out = BUF_INIT(LIMIT_FIELD_VALUE);
        char *save = NULL;
        size_t count = 0;

        for (char *word = strtok_r(copy, " \n", &save); word != NULL && count < CONSENT_WORDS;
             word = strtok_r(NULL, " \n", &save)) {
                CLEANUP_FREE char *key = fold_key(word);
                size_t size = strlen(word);
                if (count > 4 && ends_label(key)) {
                        if (out.size > 2 && strcmp(buf_text(&out) + out.size - 2, " w") == 0)
                                buf_truncate(&out, out.size - 2);
                        break;
                }
                if (*key != '\0')
                        count++;
                if (out.size > 0)
                        buf_putc(&out, ' ');
                buf_puts(&out, word);
                if (count > 3 && size > 0 && strchr(".,;(", word[size - 1]) != NULL) {
                        buf_truncate(&out, out.size - 1);
                        break;
                }
        }
        buf_puts(&out, "");
        return buf_detach(&out, NULL);
}

/* ---- keys */

static char *slug_of(const char *key)
{
        struct buf out = BUF_INIT(KEY_LENGTH + 1);
        CLEANUP_FREE char *copy = xstrdup(key);
        char *save = NULL;
        size_t words = 0;

        for (char *word = strtok_r(copy, " ", &save); word != NULL && words < KEY_WORDS;
             word = strtok_r(NULL, " ", &save)) {
                if (strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789") != strlen(word) ||
                    strlen(word) < 2 || out.size + strlen(word) + 4 > KEY_LENGTH)
                        continue;
                if (out.size > 0)
                        buf_putc(&out, '_');
                buf_puts(&out, word);
                words++;
        }
        buf_puts(&out, out.size > 0 ? "" : "field");
        return buf_detach(&out, NULL);
}

static char *free_key(const struct form *form, const char *wanted)
{
        char *key = xstrdup(wanted);

        for (int number = 2; form_field(form, key) != NULL; number++) {
                free(key);
                key = xasprintf("%.*s_%d", KEY_LENGTH - 4, wanted, number);
        }
        return key;
}

/* ---- options */

/* "organizacja pozarządowa (NGO)": the word in brackets is what people write in lists. */
static char *acronym_of(const char *text)
{
        const char *open = strchr(text, '('), *close = open != NULL ? strchr(open, ')') : NULL;
        size_t size = close != NULL ? (size_t)(close - open - 1) : 0;

        if (size < 2 || size > ACRONYM_LENGTH ||
            strspn(open + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != size)
                return NULL;
        return xstrndup(open + 1, size);
}

static void add_option(struct field *field, const char *text)
{
        CLEANUP_FREE char *acronym = acronym_of(text);
        struct field_option *option;

        field->options = xreallocarray(field->options, field->option_count + 1, sizeof *field->options);
        option = &field->options[field->option_count++];
        *option = (struct field_option){ 0 };
        str_list_add(&option->labels, text);
        if (acronym != NULL) {
                CLEANUP_FREE char *before = xstrndup(text, strcspn(text, "("));
                size_t size = strlen(before);
                while (size > 0 && before[size - 1] == ' ')
                        before[--size] = '\0';
                if (size > 0)
                        str_list_add(&option->labels, before);
                str_list_add(&option->labels, acronym);
        }
        option->value = xstrdup(acronym != NULL ? acronym : text);
}

/* ---- fields */

static bool is_asked(const struct form *form, const char *key)
{
        for (size_t i = 0; i < form->count; i++) {
                CLEANUP_FREE char *other = fold_key(form->fields[i].labels.items[0]);
                if (strcmp(other, key) == 0)
                        return true;
        }
        return false;
}

static bool has_type(const struct form *form, enum field_type type)
{
        for (size_t i = 0; i < form->count; i++)
                if (form->fields[i].type == type)
                        return true;
        return false;
}

static enum field_type type_of(const struct learn_place *place, size_t guess)
{
        if (place->sentence)
                return FIELD_CONSENT;
        if (place->yes_no)
                return FIELD_YESNO;
        if (place->options.count > 1)
                return FIELD_CHOICE;
        return guess < GUESSES ? guesses[guess].type : FIELD_TEXT;
}

static void note_doubts(const struct form *form, const struct field *field, const struct learn_place *place,
    size_t guess, struct str_list *notes)
{
        if (guess == GUESSES && field->type == FIELD_TEXT)
                str_list_add(notes, "is it a question, and of which type?");
        if (field->type == FIELD_NAME && has_type(form, FIELD_NAME))
                str_list_add(notes, "another name: the participant's should come first");
        if (field->type == FIELD_CONSENT && !field->required)
                str_list_add(notes, "must it be given?");
        if (place->star && !field->required)
                str_list_add(notes, "\"*\" stands at it: must it be answered?");
        if (field->type == FIELD_CHOICE)
                str_list_add(notes, "the options, and what is written of them in the register");
}

void learn_add(struct learned *learned, const char *label, const struct learn_place *place)
{
        struct form *form = &learned->form;
        CLEANUP_FREE char *key = fold_key(label);
        size_t guess = guess_of(key);
        struct field field = { .type = type_of(place, guess) };

        if (*key == '\0' || form->count == LIMIT_FIELDS || is_asked(form, key))
                return;
        if (field.type == FIELD_CONSENT)
                field.key = free_key(form, strstr(key, "wizerun") != NULL ? "image_consent" : "consent");
        else if (guess < GUESSES)
                field.key = free_key(form, guesses[guess].key);
        else {
                CLEANUP_FREE char *slug = slug_of(key);
                field.key = free_key(form, slug);
        }
        field.required = field.type == FIELD_CONSENT
                             ? strcmp(field.key, "consent") == 0
                             : (field.type == FIELD_NAME || field.type == FIELD_ORGANISATION) &&
                                   !has_type(form, field.type);
        str_list_add(&field.labels, label);
        for (size_t i = 0; field.type == FIELD_CHOICE && i < place->options.count; i++)
                add_option(&field, place->options.items[i]);
        form->fields = xreallocarray(form->fields, form->count + 1, sizeof *form->fields);
        learned->notes = xreallocarray(learned->notes, form->count + 1, sizeof *learned->notes);
        learned->notes[form->count] = (struct str_list){ 0 };
        note_doubts(form, &field, place, guess, &learned->notes[form->count]);
        if (place->star)
                field.required = true;
        form->fields[form->count++] = field;
}

void learned_free(struct learned *learned)
{
        for (size_t i = 0; i < learned->form.count; i++)
                str_list_free(&learned->notes[i]);
        free(learned->notes);
        form_free(&learned->form);
        *learned = (struct learned){ 0 };
}
