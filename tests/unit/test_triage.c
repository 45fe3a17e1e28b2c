/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/event.h"
#include "core/mail.h"
#include "core/triage.h"

static struct mail letter(const char *subject, const char *text)
{
        return (struct mail){ .subject = xstrdup(subject),
                .text = xstrdup(text),
                .from = xstrdup("jan@example.org"),
                .content_type = xstrdup("text/plain") };
}

static void attach(struct mail *mail, const char *filename, bool document, bool picture)
{
        mail->parts = xreallocarray(mail->parts, mail->part_count + 1, sizeof *mail->parts);
        mail->parts[mail->part_count++] = (struct mail_part){ .type = xstrdup("application/x"),
                .filename = xstrdup(filename),
                .document = document,
                .picture = picture };
}

static void header(struct mail *mail, const char *name, const char *value)
{
        mail->headers = xreallocarray(mail->headers, mail->header_count + 1, sizeof *mail->headers);
        mail->headers[mail->header_count++] =
            (struct mail_header){ .name = xstrdup(name), .value = xstrdup(value) };
}

/* Frees the mail. */
static void is(struct mail mail, struct triage_facts facts, const char *class, const char *outcome,
    bool may_answer, bool keep)
{
        struct triage t;

        triage(&mail, &facts, &t);
        assert_string_equal(class_name(t.class), class);
        assert_string_equal(outcome_name(t.outcome), outcome);
        assert_int_equal(t.may_answer, may_answer);
        assert_int_equal(t.keep, keep);
        assert_true(strlen(t.reason) > 3);
        mail_free(&mail);
}

static struct mail robot(void)
{
        struct mail mail = letter("Zgłoszenie", "Imię i nazwisko: Jan");

        header(&mail, "auto-submitted", "auto-replied");
        return mail;
}

static struct mail from_list(void)
{
        struct mail mail = letter("Zgłoszenie", "Imię i nazwisko: Jan");

        header(&mail, "list-id", "<a.example.org>");
        return mail;
}

static struct mail bounce(void)
{
        struct mail mail = letter("Undelivered Mail Returned to Sender", "");

        mail.return_path = xstrdup("");
        return mail;
}

static struct mail plain(void)
{
        return letter("Sprawa", "Proszę o kontakt");
}

#define FACTS(...) ((struct triage_facts){ __VA_ARGS__ })

/* Every row of the table, and that the rows above win. */
static void rows(void **state)
{
        struct mail loop = plain();

        (void)state;
        is(bounce(), FACTS(.old = true, .form = true, .proof = true), "old", "ignored", false, false);
        is(bounce(), FACTS(.own = true, .meant = true, .proof = true), "bounce", "noted", false, false);
        is(bounce(), FACTS(.form = true), "bounce", "review", false, true);
        is(robot(), FACTS(.own = true, .form = true), "own", "ignored", false, false);
        is(plain(), FACTS(.digest_token = true, .form = true), "command", "review", false, false);
        is(from_list(), FACTS(.digest_token = true), "command", "review", false, false);
        is(robot(), FACTS(.digest_token = true), "robot", "ignored", false, false);
        loop.received_count = 100;
        loop.received = xcalloc(100, sizeof *loop.received);
        is(loop, FACTS(.form = true, .proof = true), "robot", "ignored", false, false);
        is(robot(), FACTS(.form = true, .proof = true, .cancel_token = true), "robot", "review", false, true);
        is(robot(), FACTS(.proof = true, .meant = true), "robot", "ignored", false, false);
        is(from_list(), FACTS(.form = true), "list", "review", false, true);
        is(from_list(), FACTS(.subject_matches = true, .meant = true), "list", "ignored", false, false);
        is(plain(), FACTS(.dmarc_failed = true, .form = true, .proof = true), "form", "registered", true,
            true);
        is(plain(), FACTS(.form = true, .subject_matches = true), "form", "registered", true, true);
        is(plain(), FACTS(.meant = true), "unreadable", "registered", true, true);
        is(plain(), FACTS(.meant = true, .broken = true), "unreadable", "registered", true, true);
        is(plain(), FACTS(.partial = true, .subject_matches = true), "request", "review", false, true);
        is(plain(), FACTS(.partial = true), "other", "ignored", false, false);
        is(plain(), FACTS(.broken = true), "other", "ignored", false, false);
        is(plain(), FACTS(.fields = true), "other", "ignored", false, false);
        is(plain(), FACTS(.subject_matches = true), "other", "ignored", false, false);
        is(plain(), FACTS(.old = false), "other", "ignored", false, false);
}

static void requests(void **state)
{
        (void)state;
        is(letter("Model współpracy", "Proszę o zapisanie mnie na szkolenie"), FACTS(.subject_matches = true),
            "request", "review", true, true);
        is(letter("Model współpracy", "Proszę o zapisanie mnie na szkolenie"), FACTS(.old = false), "other",
            "ignored", false, false);
        is(letter("Model współpracy", "Proszę o zapisanie mnie"),
            FACTS(.subject_matches = true, .dmarc_failed = true), "request", "review", false, true);
}

static void answers(void **state)
{
        (void)state;
        is(letter("REZYGNACJA MW-7K3M-X", ""), FACTS(.proof = true, .cancel_token = true, .form = true),
            "cancel", "cancelled", true, true);
        is(letter("REZYGNACJA MW-7K3M-X", ""), FACTS(.cancel_token = true), "cancel", "cancelled", true,
            true);
        is(letter("Re: Zgłoszenie", "x"), FACTS(.proof = true, .form = true), "change", "updated", true,
            true);
        is(letter("Re: Zgłoszenie", "Telefon: 5"), FACTS(.proof = true, .fields = true), "change", "updated",
            true, true);
        is(letter("Re: Zgłoszenie", "Rezygnuję z udziału"), FACTS(.proof = true), "reply", "review", false,
            true);
        is(letter("Re: Zgłoszenie", "Dziękuję!"), FACTS(.proof = true), "reply", "ignored", false, true);
        is(letter("Re: Zgłoszenie", "Dziękuję!"), FACTS(.proof = true, .meant = true), "reply", "ignored",
            false, true);
        is(letter("Re: Zgłoszenie", "Czy jest parking?"), FACTS(.proof = true), "reply", "review", false,
            true);
        is(letter("Re: Zgłoszenie", "W załączeniu formularz"), FACTS(.proof = true, .meant = true),
            "unreadable", "registered", true, true);
        is(letter("Re: Zgłoszenie", ""), FACTS(.proof = true, .broken = true), "unreadable", "registered",
            true, true);
        is(letter("Rezygnacja", "Rezygnuję"), FACTS(.registered = true), "cancel", "review", true, true);
        is(letter("Rezygnacja", "Rezygnuję z prenumeraty"), FACTS(.old = false), "other", "ignored", false,
            false);
}

/* ---- the questions */

static bool asks(const char *text)
{
        struct mail mail = letter("", text);
        bool r = triage_asks(&mail);

        mail_free(&mail);
        return r;
}

static void asking(void **state)
{
        static const char *const yes[] = { "Proszę o zapisanie mnie na szkolenie.",
                "Dzień dobry,\n\nchciałabym wziąć udział w szkoleniu", "chcialbym wziac udzial",
                "CHCIAŁABYM ZAPISAĆ SIĘ na szkolenie", "Zgłaszam udział dwóch osób",
                "Please register me for the training", "I'd like to sign up", "Jak mogę się zapisać?",
                "Proszę o przesłanie formularza." };
        static const char *const no[] = { "", "Czy na szkoleniu będzie parking?", "Przesyłam fakturę za salę",
                "Zapisałem plik na dysku", "the register is full" };

        (void)state;
        for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
                if (!asks(yes[i]))
                        fail_msg("does not ask: %s", yes[i]);
        for (size_t i = 0; i < sizeof no / sizeof *no; i++)
                if (asks(no[i]))
                        fail_msg("asks: %s", no[i]);
}

static bool thanks(const char *text)
{
        struct mail mail = letter("", text);
        bool r = triage_thanks(&mail);

        mail_free(&mail);
        return r;
}

static void thanking(void **state)
{
        static const char *const yes[] = { "Dziękuję", "dziekuje bardzo!",
                "Dziękujemy za informację.\n\nPozdrawiam",
                "Dzień dobry,\n\ndziękuję za odpowiedź.\n\nZ poważaniem\nJan Kowalski\nFundacja X",
                "Pozdrawiam", "Thank you very much!",
                "Many thanks for your quick reply\n\nKind regards\nJan" };
        static const char *const no[] = { "", "Dziękuję, ale jednak nie przyjadę",
                "Dziękuję. Czy jest parking?", "Dziękuję\nProszę zmienić telefon na 74 665", "Jan Kowalski",
                "Dzień dobry", "Proszę o odpowiedź\nPozdrawiam", "dziękuję, proszę dopisać Annę Nowak" };

        (void)state;
        for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
                if (!thanks(yes[i]))
                        fail_msg("no thanks: %s", yes[i]);
        for (size_t i = 0; i < sizeof no / sizeof *no; i++)
                if (thanks(no[i]))
                        fail_msg("thanks: %s", no[i]);
}

static void cancelling(void **state)
{
        static const char *const yes[] = { "Rezygnuję z udziału w szkoleniu", "rezygnuje",
                "REZYGNACJA MW-7K3M", "Re: Odp: rezygnacja", "Dzień dobry,\n\nodwołuję zgłoszenie",
                "Dzień dobry, rezygnuję", "Szanowni Państwo,\n\nniestety muszę zrezygnować",
                "Proszę o anulowanie zgłoszenia", "Please cancel my registration", "Cancel MW-7K3M",
                "I withdraw", "Witam\nRezygnujemy" };
        static const char *const no[] = { "", "Nie rezygnuję", "Czy mogę zrezygnować z obiadu?",
                "Dziękuję za miejsce", "Zgłoszenie: proszę nie anulować", "Cancelledness",
                "Telefon: 5\nrezygnuję z obiadu" };

        (void)state;
        for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
                if (!triage_cancel_words(yes[i]))
                        fail_msg("does not cancel: %s", yes[i]);
        for (size_t i = 0; i < sizeof no / sizeof *no; i++)
                if (triage_cancel_words(no[i]))
                        fail_msg("cancels: %s", no[i]);
        assert_false(triage_cancel_words(NULL));
}

/* ---- which event */

static struct event events[3];

static int open_events(void **state)
{
        static const char *const titles[] = { "Model współpracy", "Model współpracy JST & NGO",
                "Wolontariat" };
        static const char *const phrases[] = { "ankieta", "ankieta zgłoszeniowa", "wolontariat 2012" };
        static const char *const addresses[] = { "", "a+mw@example.org", "a+wo@example.org" };

        (void)state;
        for (size_t i = 0; i < 3; i++) {
                events[i].title = xstrdup(titles[i]);
                events[i].match_address = xstrdup(addresses[i]);
                str_list_add(&events[i].match_subject, phrases[i]);
        }
        return 0;
}

static int close_events(void **state)
{
        (void)state;
        for (size_t i = 0; i < 3; i++)
                event_free(&events[i]);
        return 0;
}

/* mentioned and opened: a digit for each event. */
static int which(const char *subject, const char *to, int known, const char *mentioned, const char *opened)
{
        struct mail mail = letter(subject, "");
        bool mentions[3], open[3];
        int r;

        if (to)
                str_list_add(&mail.recipients, to);
        for (size_t i = 0; i < 3; i++) {
                mentions[i] = mentioned[i] == '1';
                open[i] = opened[i] == '1';
        }
        r = triage_event(&mail, events, 3, known, mentions, open);
        mail_free(&mail);
        return r;
}

static void choosing(void **state)
{
        (void)state;
        assert_int_equal(which("Wolontariat", "a+wo@example.org", 0, "001", "111"), 0);
        assert_int_equal(which("Model współpracy", "A+WO@example.org", -1, "110", "111"), 2);
        assert_int_equal(which("", NULL, -1, "100", "111"), 0);
        assert_int_equal(which("", NULL, -1, "110", "111"), 1);
        assert_int_equal(which("", NULL, -1, "101", "111"), -2);
        assert_int_equal(which("WOLONTARIAT, zgłoszenie", NULL, -1, "000", "111"), 2);
        assert_int_equal(which("Ankieta", NULL, -1, "000", "111"), 0);
        assert_int_equal(which("Ankieta zgloszeniowa", NULL, -1, "000", "111"), 1);
        /* Those that are open come first; a closed one is still found when nothing else fits. */
        assert_int_equal(which("Ankieta zgłoszeniowa", NULL, -1, "000", "101"), 0);
        assert_int_equal(which("Wolontariat", NULL, -1, "000", "110"), 2);
        assert_int_equal(which("Dzień dobry", NULL, -1, "000", "010"), 1);
        assert_int_equal(which("Dzień dobry", NULL, -1, "000", "110"), -2);
        assert_int_equal(which("Dzień dobry", NULL, -1, "000", "000"), -1);
}

static void meaning(void **state)
{
        struct mail mail = letter("Ankieta zgłoszeniowa", "");
        struct mail other = letter("Faktura", "");

        (void)state;
        assert_true(triage_subject_matches(&mail, &events[1]));
        assert_false(triage_subject_matches(&mail, &events[2]));
        assert_false(triage_meant(&mail, events, 3, true));
        attach(&mail, "x.zip", false, false);
        assert_false(triage_meant(&mail, events, 3, true));
        attach(&mail, "skan.jpg", false, true);
        assert_true(triage_meant(&mail, events, 3, false));
        attach(&other, "faktura.pdf", true, false);
        assert_false(triage_meant(&other, events, 3, false));
        assert_true(triage_meant(&other, events, 3, true));
        str_list_add(&other.recipients, "a+mw@example.org");
        assert_true(triage_meant(&other, events, 3, false));
        str_list_free(&other.recipients);
        attach(&other, "Ankieta_zgłoszeniowa-Kowalski.pdf", false, false);
        assert_true(triage_meant(&other, events, 3, false));
        mail_free(&mail);
        mail_free(&other);
}

static void names(void **state)
{
        enum mail_class class = CLASS_COUNT;
        enum outcome outcome = OUTCOME_COUNT;

        (void)state;
        for (int i = 0; i < CLASS_COUNT; i++) {
                assert_int_equal(class_parse(class_name((enum mail_class)i), &class), 0);
                assert_int_equal(class, i);
        }
        for (int i = 0; i < OUTCOME_COUNT; i++) {
                assert_int_equal(outcome_parse(outcome_name((enum outcome)i), &outcome), 0);
                assert_int_equal(outcome, i);
        }
        assert_int_equal(class_parse("Form", &class), -1);
        assert_int_equal(outcome_parse("", &outcome), -1);
}

static void confirming(void **state)
{
        static const char *const yes[] = { "POTWIERDZAM", "potwierdzam.\n\nPozdrawiam\nJan",
                "Dzień dobry,\n\nPotwierdzam", "Dzień dobry, potwierdzam zgłoszenie Jana Kowalskiego",
                "Tak, potwierdzam!", "I confirm.", "Confirmed" };
        static const char *const no[] = { "", "Potwierdzam otrzymanie wiadomości", "Potwierdzam odbiór",
                "Nie potwierdzam", "Dziękuję. Potwierdzam", "Potwierdzenie", "Kto to wysłał?\nPOTWIERDZAM" };
        struct triage_facts awaited = { .proof = true, .awaited = true }, not_awaited = { .proof = true };

        (void)state;
        for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
                assert_true(triage_confirm_words(yes[i]));
        for (size_t i = 0; i < sizeof no / sizeof *no; i++)
                assert_false(triage_confirm_words(no[i]));
        assert_false(triage_confirm_words(NULL));
        is(letter("Re: x", "POTWIERDZAM"), awaited, "confirm", "confirmed", true, true);
        is(letter("Re: x", "POTWIERDZAM"), not_awaited, "reply", "review", false, true);
}

/* Our own words, and where only machines write to: never a letter. */
static void echoes(void **state)
{
        struct triage_facts sent_back = { .sent_back = true, .quoted_form = true };
        struct triage_facts proven = { .sent_back = true, .proof = true };
        struct triage_facts envelope = { .envelope = true }, form = { .envelope = true, .form = true };

        (void)state;
        is(letter("Re: x", "Szanowni"), sent_back, "reply", "review", false, true);
        is(letter("Re: x", "Szanowni"), proven, "reply", "review", false, true);
        is(letter("Re: x", "Rezygnuję"), proven, "reply", "review", false, true);
        is(robot(), sent_back, "robot", "ignored", false, false);
        is(letter("Re: x", "Odpowiemy"), envelope, "robot", "ignored", false, false);
        is(letter("Re: x", "Imię"), form, "robot", "review", false, true);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(rows), cmocka_unit_test(requests),
                cmocka_unit_test(answers), cmocka_unit_test(asking), cmocka_unit_test(thanking),
                cmocka_unit_test(cancelling), cmocka_unit_test(choosing), cmocka_unit_test(meaning),
                cmocka_unit_test(names), cmocka_unit_test(confirming), cmocka_unit_test(echoes) };

        return cmocka_run_group_tests(tests, open_events, close_events);
}
