/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/letter_words.h"

#include "base/mem.h"
#include "base/str.h"
#include "core/event.h"
#include "core/letter.h"

const struct zone_plural letter_words_people[2] = {
        { "osoba", "osoby", "osób", "osoby" },
        { "person", NULL, NULL, "people" },
};
const struct zone_plural letter_words_seats[2] = {
        { "miejsce", "miejsca", "miejsc", "miejsca" },
        { "seat", NULL, NULL, "seats" },
};

const char *letter_words(const char *language, const char *polish, const char *english)
{
        return str_equal(language, "pl") ? polish : english;
}

char *letter_words_count(int64_t n, const struct zone_plural words[2], const char *language)
{
        return zone_plural(n, &words[str_equal(language, "pl") ? 0 : 1], language);
}

const char *letter_words_status(enum status status, const char *language)
{
        static const char *const words[][2] = {
                [STATUS_ACCEPTED] = { "przyjęte", "accepted" },
                [STATUS_WAITLISTED] = { "lista oczekujących", "waiting list" },
                [STATUS_OFFERED] = { "zaproponowano miejsce", "seat offered" },
                [STATUS_HELD] = { "czeka na sprawdzenie", "to be checked by a person" },
                [STATUS_INCOMPLETE] = { "wymaga uzupełnienia", "incomplete" },
                [STATUS_LATE] = { "po terminie", "late" },
                [STATUS_REFUSED] = { "brak wolnych miejsc", "no seats left" },
                [STATUS_CANCELLED] = { "wycofane", "cancelled" },
        };

        return letter_words(language, words[status][0], words[status][1]);
}

static char *waiting_state(const struct letter_about *about)
{
        const char *language = about->event->language;

        if (about->rule == RULE_LATE_WAITS)
                return xasprintf(
                    letter_words(language,
                        "Zgłoszenie wpłynęło po terminie i czeka na liście oczekujących za wszystkimi,\n"
                        "którzy zdążyli przed terminem; pozycja na liście: %d.",
                        "The registration arrived after the deadline and waits behind all who were on\n"
                        "time; position on the waiting list: %d."),
                    about->position);
        return xasprintf(
            letter_words(language, "Zgłoszenie jest na liście oczekujących, pozycja na liście: %d.",
                "The registration is on the waiting list, position %d."),
            about->position);
}

char *letter_words_state(const struct letter_about *about)
{
        static const char *const states[][2] = {
                [STATUS_ACCEPTED] = { "Zgłoszenie jest przyjęte, miejsce na szkoleniu jest zapewnione.",
                    "The registration is accepted and a seat at the training is confirmed." },
                [STATUS_WAITLISTED] = { "Zgłoszenie jest na liście oczekujących.",
                    "The registration is on the waiting list." },
                [STATUS_OFFERED] = { "Wolne miejsce czeka na Państwa potwierdzenie.",
                    "A free seat is waiting for your confirmation." },
                [STATUS_HELD] = { "Zgłoszenie czeka na sprawdzenie przez pracownika i zachowuje czas wpływu.",
                    "The registration waits to be checked by a person and keeps its time of arrival." },
                [STATUS_INCOMPLETE] = { "Zgłoszenie wymaga uzupełnienia i nie zajmuje jeszcze miejsca.",
                    "The registration is incomplete and does not take a seat yet." },
                [STATUS_LATE] = { "Zgłoszenie wpłynęło po terminie i nie zostało przyjęte.",
                    "The registration arrived after the deadline and was not accepted." },
                [STATUS_REFUSED] = { "Zgłoszenie nie otrzymało miejsca, ponieważ zabrakło wolnych miejsc.",
                    "The registration was not given a seat, because none was left." },
                [STATUS_CANCELLED] = { "Zgłoszenie jest wycofane.", "The registration is cancelled." },
        };

        if (about->position > 0 && about->status == STATUS_WAITLISTED)
                return waiting_state(about);
        return xstrdup(
            letter_words(about->event->language, states[about->status][0], states[about->status][1]));
}

/* ---- Why */

static char *room_is_full(const struct letter_about *about)
{
        const char *language = about->event->language;

        if (about->status == STATUS_REFUSED && about->event->waitlist != 0)
                return xstrdup(letter_words(language,
                    "Wszystkie miejsca na szkoleniu są już zajęte, a lista oczekujących jest pełna.",
                    "All seats at the training are taken, and the waiting list is full."));
        return xstrdup(letter_words(language, "Wszystkie miejsca na szkoleniu są już zajęte.",
            "All seats at the training are taken."));
}

static char *organisation_is_full(const struct letter_about *about)
{
        const char *language = about->event->language;
        CLEANUP_FREE char *people =
            letter_words_count(about->event->per_organisation, letter_words_people, language);

        return xasprintf(
            letter_words(language,
                "Z jednej organizacji mogą wziąć udział najwyżej: %s. Tyle miejsc jest już zajętych.",
                "At most %s from one organisation may take part, and so many seats are taken."),
            people);
}

char *letter_words_reason(const struct letter_about *about)
{
        static const char *const reasons[RULE_COUNT][2] = {
                [RULE_AFTER_END] = { "Szkolenie już się odbyło.", "The training has already taken place." },
                [RULE_LATE_WAITS] = { "Zgłoszenie wpłynęło po terminie, dlatego czeka za wszystkimi, którzy "
                                      "zdążyli\nprzed terminem.",
                    "The registration arrived after the deadline and therefore waits behind all who\n"
                    "were on time." },
                [RULE_CLOCK_CONFLICT] = { "Serwery pocztowe podają różne godziny wpływu wiadomości, a od "
                                          "nich "
                                          "zależy,\nczy dotarła w terminie.",
                    "The mail servers give different times of arrival, and whether the message was\n"
                    "on time depends on them." },
                [RULE_UNREADABLE] = { "Nie udało się odczytać formularza z wiadomości ani z jej załączników.",
                    "We could not read the form in the message or its attachments." },
                [RULE_BLANK] = { "Formularz przyszedł jednak pusty: nie ma w nim odpowiedzi. Prosimy "
                                 "odesłać\n"
                                 "wypełniony w odpowiedzi na tę wiadomość albo wpisać dane w jej treści.",
                    "However, the form came empty: there are no answers in it. Please send it filled\n"
                    "in, answering this message, or write the details in the answer itself." },
                [RULE_PROTECTED] = { "Załączony plik jest jednak zabezpieczony hasłem i nie możemy go "
                                     "otworzyć.\n"
                                     "Prosimy odesłać go bez hasła w odpowiedzi na tę wiadomość albo wpisać "
                                     "dane\nw jej treści.",
                    "However, the attached file is protected by a password and we cannot open it.\n"
                    "Please send it without a password, answering this message, or write the\n"
                    "details in the answer itself." },
                [RULE_DAMAGED] = { "Załączony plik jest jednak uszkodzony i nie możemy go odczytać. Prosimy "
                                   "odesłać\n"
                                   "go jeszcze raz w odpowiedzi na tę wiadomość albo wpisać dane w jej "
                                   "treści.",
                    "However, the attached file is damaged and we cannot read it. Please send it\n"
                    "once more, answering this message, or write the details in the answer itself." },
                [RULE_UNCONFIRMED] = { "Serwery pocztowe nie potwierdziły adresu nadawcy.",
                    "The mail servers could not confirm the sender's address." },
                [RULE_UNSURE] = { "Niektórych wymaganych danych nie odczytaliśmy z wystarczającą pewnością.",
                    "Some required details could not be read with enough certainty." },
                [RULE_CONSENT_REFUSED] = { "Bez wymaganej zgody nie możemy przyznać miejsca na szkoleniu.",
                    "Without the required consent we cannot give a seat at the training." },
                [RULE_QUOTA_FULL] = { "Miejsca przeznaczone dla tej grupy uczestników są już zajęte.",
                    "The seats set aside for this group of participants are taken." },
                [RULE_COORDINATOR] = { "Decyzję podjął organizator szkolenia.",
                    "This was decided by the organisers." },
                [RULE_CANCELLED] = { "Rezygnację otrzymaliśmy w wiadomości z numerem tego zgłoszenia.",
                    "The cancellation came in a message with the number of this registration." },
        };
        const char *const *words = reasons[about->rule];

        if (about->rule == RULE_ROOM_FULL)
                return room_is_full(about);
        if (about->rule == RULE_ORGANISATION_FULL)
                return organisation_is_full(about);
        return xstrdup(words[0] ? letter_words(about->event->language, words[0], words[1]) : "");
}

char *letter_words_completion(const struct letter_about *about)
{
        const char *language = about->event->language;

        if (about->status != STATUS_INCOMPLETE)
                return xstrdup("");
        if (about->event->incomplete_keeps_time)
                return xstrdup(letter_words(language,
                    "Uzupełnione przed terminem zgłoszenie zachowa czas, w którym wpłynęło po raz\npierwszy.",
                    "A registration completed before the deadline keeps the time at which it "
                    "first\narrived."));
        if (about->now > about->event->deadline)
                return xstrdup(letter_words(language,
                    "Ponieważ termin już minął, uzupełnienie potraktujemy jak zgłoszenie po terminie.",
                    "As the deadline has passed, missing details that arrive now count as late."));
        return xstrdup(letter_words(language,
            "O kolejności zdecyduje czas, w którym wpłynie uzupełnienie, dlatego warto je\nprzesłać jak "
            "najszybciej.",
            "The order is decided by the time at which the missing details arrive, so it is\nworth sending "
            "them soon."));
}
