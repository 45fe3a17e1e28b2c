/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/notice.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"

struct notice {
        const char *word, *polish, *english; /* of alarms: "{}" is what it is about */
};

static const struct notice alarms[] = {
        { "counters", "liczniki miejsc różniły się od rejestru; zostały poprawione",
            "the seat counters differed from the register; they were put right" },
        { "balance", "rachunek wiadomości się nie zgadza; proszę zawiadomić administratora",
            "the balance of messages does not add up; please tell the administrator" },
        { "clock",
            "przyszła wiadomość z późniejszą godziną, niż wskazuje zegar tego komputera; proszę sprawdzić "
            "zegary komputera i serwera poczty",
            "a message arrived later than our own clock says; please check the clocks of this machine and of "
            "the "
            "mail server" },
        { "flood", "w ciągu godziny przyszło więcej nowych zgłoszeń, niż pozwala new_per_hour; listy czekają",
            "more new registrations came in one hour than new_per_hour allows; their letters are on hold" },
        { "undelivered", "listu dotyczącego {} nie udało się doręczyć; proszę zatelefonować",
            "a letter about {} could not be delivered; please telephone" },
        { "undelivered-letter", "listu nr {} nie udało się doręczyć; szczegóły: zapisyctl outbox",
            "letter {} could not be delivered; see zapisyctl outbox" },
        { "uncertain",
            "nie wiadomo, czy list dotyczący {} dotarł; proszę zapytać i zajrzeć do zapisyctl review",
            "nobody knows whether a letter about {} arrived; please ask, and see zapisyctl review" },
        { "uncertain-letter", "nie wiadomo, czy list nr {} dotarł; szczegóły: zapisyctl outbox",
            "nobody knows whether letter {} arrived; see zapisyctl outbox" },
        { "smtp",
            "serwer pocztowy od ponad godziny nie przyjmuje listów; proszę zawiadomić administratora: {}",
            "the mail server has taken no letters for over an hour; please tell the administrator: {}" },
        { "undeliverable", "list dotyczący {} wrócił jako niemożliwy do doręczenia; proszę zatelefonować",
            "a letter about {} came back as undeliverable; please telephone" },
        { "loop",
            "na każdy list dotyczący {} przychodzi odpowiedź; następne listy czekają (zapisyctl outbox), "
            "może to "
            "automat",
            "every letter about {} is answered; further ones are on hold (zapisyctl outbox), it may be a "
            "machine" },
        { "digest", "wróciło zestawienie wysłane do koordynatora; proszę sprawdzić coordinator.email",
            "a digest came back; please check coordinator.email" },
        { "login",
            "dostęp programu do poczty wygasł lub wkrótce wygaśnie; administrator powinien zalogować go na "
            "nowo "
            "poleceniem: zapisyctl login {}",
            "the program's access to the mail has ended or will end soon; the administrator should log it in "
            "anew "
            "with: zapisyctl login {}" },
        { "token-server",
            "nie udaje się odnowić dostępu programu do poczty ({}), bo serwer logowania nie odpowiada jak "
            "trzeba; "
            "program próbuje dalej, a administrator zobaczy powód poleceniem: zapisyctl status",
            "the program's access to the mail ({}) cannot be renewed, since the login server does not answer "
            "as it "
            "should; it is tried again, and the administrator finds the reason with: zapisyctl status" },
        { "token-file",
            "pliku z dostępem programu do poczty ({}) nie można użyć; administrator zobaczy powód "
            "poleceniem: "
            "zapisyctl status",
            "the file with the program's access to the mail ({}) cannot be used; the administrator finds the "
            "reason "
            "with: zapisyctl status" },
};

static const struct notice reviews[] = {
        { "held", "zgłoszenie, którego program nie potrafi odczytać z pewnością", NULL },
        { "unreadable", "wiadomość wygląda na zgłoszenie, ale nie dało się jej odczytać", NULL },
        { "unsure", "pole nieobowiązkowe odczytane niepewnie", NULL },
        { "late", "zgłoszenie przyszło po zakończeniu szkolenia", NULL },
        { "change", "zmiana zgłoszenia, o której musi zdecydować człowiek", NULL },
        { "tie", "nie wiadomo, którego szkolenia dotyczy zgłoszenie", NULL },
        { "sender", "zgłoszenie od nadawcy, któremu nie można odpowiedzieć", NULL },
        { "cancel", "rezygnacja bez dowodu, że pochodzi od osoby zgłoszonej", NULL },
        { "request", "prośba o zapisanie, bez formularza", NULL },
        { "reply", "odpowiedź na nasz list, pytanie", NULL },
        { "robot", "zgłoszenie w wiadomości wysłanej przez automat; nie odpowiedzieliśmy", NULL },
        { "list", "zgłoszenie z listy dyskusyjnej; nie odpowiedzieliśmy", NULL },
        { "command", "odpowiedź na zestawienie", NULL },
        { "letter",
            "nie wiadomo, czy nasz list dotarł; proszę zapytać, a potem: zapisyctl outbox retry albo drop",
            NULL },
};

/* Where the kind alone would hide what is asked for. */
static const struct notice reasons[] = {
        { "asks to cancel in answer to our letter", "odpowiedź na nasz list, prośba o rezygnację", NULL },
        { "our own letter sent back: what is new in it is for a person",
            "odesłano nam nasz własny list; co w nim nowego, musi sprawdzić człowiek", NULL },
        { "a form, but only in quoted text", "zgłoszenie wpisane w zacytowany tekst", NULL },
        { "a name and details, but no whole form", "imię i nazwisko z danymi, ale bez całego formularza",
            NULL },
};

static const struct notice *find(const struct notice *notices, size_t count, const char *word, size_t length)
{
        for (size_t i = 0; i < count; i++)
                if (strlen(notices[i].word) == length && strncmp(notices[i].word, word, length) == 0)
                        return &notices[i];
        return NULL;
}

char *notice_alarm(const char *alarm, const char *language)
{
        const size_t length = strcspn(alarm, " ");
        const struct notice *notice = find(alarms, sizeof alarms / sizeof *alarms, alarm, length);
        const char *sentence, *place;
        struct buf out = BUF_INIT(LIMIT_HEADER_VALUE);

        if (!notice)
                return xstrdup(alarm);
        sentence = str_equal(language, "en") ? notice->english : notice->polish;
        place = strstr(sentence, "{}");
        if (!place)
                return xstrdup(sentence);
        buf_add(&out, sentence, (size_t)(place - sentence));
        buf_puts(&out, alarm[length] ? alarm + length + 1 : "");
        buf_puts(&out, place + 2);
        return buf_detach(&out, NULL);
}

const char *notice_doubt(enum bounce_kind kind, const char *language)
{
        const bool english = str_equal(language, "en");

        if (kind == BOUNCE_PERMANENT)
                return english ? "perhaps: somebody says so, without proof"
                               : "być może: ktoś tak twierdzi, bez dowodu";
        return english ? "not delivered this time; another letter may arrive"
                       : "tym razem nie doręczono; następny list może dotrzeć";
}

void notice_alarm_letter(
    const char *alarm, const char *at, const char *language, char **ret_subject, char **ret_body)
{
        CLEANUP_FREE char *sentence = notice_alarm(alarm, language);

        if (str_equal(language, "en")) {
                *ret_subject = xstrdup("Registrations: the program needs help");
                *ret_body =
                    xasprintf("Good day,\n\n%s: %s.\n\n"
                              "Nothing is lost: forms stay in the mailbox and letters wait until this is\n"
                              "mended. Please pass this on to the administrator.\n\n"
                              "zapisyd\n",
                        at, sentence);
                return;
        }
        *ret_subject = xstrdup("Zapisy: program potrzebuje pomocy");
        *ret_body =
            xasprintf("Dzień dobry,\n\n%s: %s.\n\n"
                      "Nic nie ginie: zgłoszenia zostają w skrzynce, a listy czekają, aż to zostanie\n"
                      "naprawione. Proszę przekazać tę wiadomość administratorowi.\n\n"
                      "zapisyd\n",
                at, sentence);
}

const char *notice_review(const char *kind, const char *reason, const char *language)
{
        /* What was in the way of reading stands behind a semicolon. */
        const struct notice *notice =
            find(reasons, sizeof reasons / sizeof *reasons, reason, strcspn(reason, ";"));

        if (!notice)
                notice = find(reviews, sizeof reviews / sizeof *reviews, kind, strlen(kind));
        return notice && !str_equal(language, "en") ? notice->polish : reason;
}
