/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
/* Mail without a single telling header: only subject and words speak, for a machine and for a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/bounce.h"
#include "core/mail.h"
#include "core/triage.h"

struct words {
        const char *subject, *text;
};

static enum robot_kind judge(const struct words *words, struct bounce *ret_bounce)
{
        struct mail mail = { .subject = (char *)(uintptr_t)words->subject,
                .text = (char *)(uintptr_t)words->text,
                .head = (char *)(uintptr_t)words->text,
                .from = (char[]){ "jan@example.org" },
                .from_name = (char[]){ "Jan Kowalski" } };
        const char *reason;
        enum robot_kind kind = robot_judge(&mail, &reason);

        if (ret_bounce)
                bounce_judge(&mail, ret_bounce);
        return kind;
}

static void all(const struct words *words, size_t count, enum robot_kind expected)
{
        for (size_t i = 0; i < count; i++) {
                enum robot_kind kind = judge(&words[i], NULL);

                if (kind != expected)
                        fail_msg("%s / %s: is %d", words[i].subject, words[i].text, (int)kind);
        }
}
#define ALL(words, expected) all(words, sizeof(words) / sizeof *(words), expected)

static void automatic(void **state)
{
        static const struct words mails[] = {
                { "Re: Zgłoszenie przyjęte MW-7K3M",
                    "Dzień dobry,\nw dniach 16-27 stycznia przebywam na urlopie. W sprawach pilnych proszę o "
                    "kontakt z Anną Nowak, tel. 74 665 11 22.\n\nJan Kowalski" },
                { "Re: Zgłoszenie przyjęte",
                    "Dziękuję za wiadomość. Jestem na urlopie do 30 stycznia, odpowiem po powrocie." },
                { "Re: Zgłoszenie przyjęte",
                    "Szanowni Państwo,\n\nobecnie przebywam na zwolnieniu lekarskim. Wiadomość nie będzie "
                    "przekazywana. Proszę o kontakt z sekretariatem." },
                { "Nieobecność w biurze: Zgłoszenie przyjęte", "Wracam w poniedziałek." },
                { "Odp: Zgłoszenie przyjęte (automatyczna odpowiedź)", "Wracam w poniedziałek." },
                { "Jan Kowalski jest poza biurem", "Wracam 30.01." },
                { "Re: Zgłoszenie",
                    "To jest automatyczna odpowiedź. Państwa wiadomość dotarła do naszej skrzynki." },
                { "Potwierdzenie",
                    "Wiadomość wygenerowana automatycznie, prosimy na nią nie odpowiadać.\nOtrzymaliśmy "
                    "Państwa wiadomość." },
                { "Re: Zgłoszenie przyjęte",
                    "Dziękujemy za kontakt z Urzędem Gminy. Potwierdzamy otrzymanie wiadomości. Odpowiemy "
                    "najszybciej jak to możliwe." },
                { "Zgłoszenie #48213", "Dziękujemy za wiadomość. Twoje zgłoszenie zostało zarejestrowane pod "
                                       "numerem 48213. Nasz "
                                       "konsultant skontaktuje się niezwłocznie." },
                { "Re: Your registration",
                    "Thank you for your email. I am out of the office until 30 January with limited access "
                    "to email." },
                { "Re: Your registration",
                    "I am currently on annual leave, returning on Monday. For urgent matters please contact "
                    "my colleague." },
                { "AUTO: Jan Kowalski is out of the office (returning 30-01-2012)", "I will be back." },
                { "Re: Anmeldung",
                    "Vielen Dank für Ihre Nachricht. Ich bin bis zum 30. Januar nicht im Büro. In dringenden "
                    "Fällen wenden Sie sich bitte an Frau Schmidt." },
                { "Re: Zgłoszenie",
                    "I apologize for this automatic reply to your email. To control spam, I now allow "
                    "incoming messages only from senders I have approved beforehand." },
                { "Please confirm your message",
                    "Your message is being held. To release your message, confirm that you are a human by "
                    "replying." },
                { "Re: Zgłoszenie",
                    "Your message was received. This account is protected by Bluebottle. Please click on the "
                    "following link to have your address added to the allowed list." },
        };

        (void)state;
        ALL(mails, ROBOT_AUTOMATIC);
}

static void receipts(void **state)
{
        static const struct words mails[] = {
                { "Read: Zgłoszenie przyjęte",
                    "Your message\n\n  To: Jan\n  Subject: Zgłoszenie\n\nwas read on 20.01.2012 10:00." },
                { "Przeczytano: Zgłoszenie przyjęte",
                    "Wiadomość\n\nDo: Jan\nTemat: Zgłoszenie\n\nzostała przeczytana w dniu 20.01.2012." },
                { "Potwierdzenie odczytu: Zgłoszenie",
                    "To jest potwierdzenie dotyczące poczty wysłanej do jan@example.org." },
                { "Return Receipt (displayed) - Zgłoszenie",
                    "This is a Return Receipt for the mail that you sent to jan@example.org." },
                { "complaint about message from 10.0.0.1", "" },
                { "FW: oferta", "This is an email abuse report for an email message received from 10.0.0.1" },
        };

        (void)state;
        ALL(mails, ROBOT_BOUNCE);
}

static void bounces(void **state)
{
        static const struct {
                struct words words;
                enum bounce_kind kind;
                const char *status;
        } mails[] = {
                { { "Re: Zgłoszenie",
                      "Hi. This is the qmail-send program at example.org.\nI'm afraid I wasn't able to "
                      "deliver "
                      "your message.\n<a@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)" },
                    BOUNCE_PERMANENT, "5.1.1" },
                { { "Niedostarczona wiadomość",
                      "Wiadomość nie została dostarczona do a@example.org: skrzynka jest pełna." },
                    BOUNCE_TEMPORARY, "5.2.2" },
                { { "Zwrot", "Wiadomość nie może zostać dostarczona do jan@example.org: nie ma takiego "
                             "użytkownika" },
                    BOUNCE_PERMANENT, "5.1.1" },
                { { "Niedostarczone: Zgłoszenie", "Nie można dostarczyć. 550 5.7.1 <a@b.pl>: odrzucono" },
                    BOUNCE_PERMANENT, "5.7.1" },
                { { "Delayed mail",
                      "Your message to a@example.org has not yet been delivered. We will keep trying." },
                    BOUNCE_DELAY, "" },
                { { "Mail delivery failed: returning message to sender",
                      "This message was created automatically by mail delivery software.\nretry timeout "
                      "exceeded" },
                    BOUNCE_TEMPORARY, "4.4.7" },
                { { "Unzustellbar: Anmeldung",
                      "Ihre Nachricht konnte nicht zugestellt werden. Empfänger unbekannt." },
                    BOUNCE_PERMANENT, "5.1.1" },
                { { "Non remis : Inscription", "Votre message n'a pas pu être remis: utilisateur inconnu" },
                    BOUNCE_PERMANENT, "5.1.1" },
                { { "No se puede entregar: X",
                      "No se pudo entregar el mensaje a a@example.org: buzón lleno" },
                    BOUNCE_TEMPORARY, "5.2.2" },
                { { "Onbestelbaar: X", "Uw bericht is niet bezorgd. Adres bestaat niet." }, BOUNCE_PERMANENT,
                    "5.1.1" },
                { { "Недоставленное сообщение", "Ваше сообщение не было доставлено: пользователь не найден" },
                    BOUNCE_PERMANENT, "5.1.1" },
                { { "Delivery failure", "<a@example.org>: host mx said: 452 4.2.2 Mailbox full" },
                    BOUNCE_TEMPORARY, "4.2.2" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
                struct bounce bounce;

                if (judge(&mails[i].words, &bounce) != ROBOT_BOUNCE)
                        fail_msg("no bounce: %s", mails[i].words.text);
                if (bounce.kind != mails[i].kind || strcmp(bounce.status, mails[i].status) != 0)
                        fail_msg(
                            "%s: %s %s", mails[i].words.text, bounce_kind_name(bounce.kind), bounce.status);
        }
}

/* What people write about holidays, bounces, machines, numbers and full mailboxes. */
static void people(void **state)
{
        static const struct words mails[] = {
                { "Zgłoszenie",
                    "Imię i nazwisko: Jan Kowalski\nUwagi: do 20.01 będę na urlopie, proszę o kontakt "
                    "z Anną Nowak" },
                { "Re: Zgłoszenie przyjęte", "Dziękuję za wiadomość! Do zobaczenia 26 stycznia." },
                { "Re: Zgłoszenie przyjęte",
                    "Jestem na urlopie do piątku, czy mogę dosłać zgodę w poniedziałek po powrocie?" },
                { "Re: Zgłoszenie przyjęte",
                    "Rezygnuję, w tym terminie będę na urlopie. W moim zastępstwie nikt nie "
                    "przyjdzie, wracam 30 stycznia." },
                { "Urlop pani Anny",
                    "Dzień dobry, pani Anna Nowak jest na urlopie, więc zgłoszenie wysyłam ja. Jan" },
                { "Re: Automatyczna odpowiedź: Zgłoszenie", "Rozumiem, poczekam do powrotu." },
                { "Re: Undeliverable: Zgłoszenie",
                    "Dzień dobry, wysyłam jeszcze raz, bo poprzednio wróciło." },
                { "Fwd: Undelivered Mail Returned to Sender", "Co to znaczy? Proszę o pomoc." },
                { "Niedostarczone zgłoszenie",
                    "Dzień dobry, moje zgłoszenie nie zostało dostarczone, przesyłam ponownie." },
                { "Nie można dostarczyć",
                    "Witam, dostaję komunikat 550 User unknown, gdy piszę na Państwa adres. Jan" },
                { "Mój mail wrócił", "Dzień dobry,\nwysłałam zgłoszenie i dostałam coś takiego:\nThis is the "
                                     "mail system at host "
                                     "mx.example.org. I'm sorry to have to inform you that your message "
                                     "could not be delivered" },
                { "Pełna skrzynka", "Moja skrzynka jest pełna, proszę pisać na adres prywatny." },
                { "Read this", "Please read the attached form." },
                { "Read: regulamin", "Przeczytałem regulamin i się zgadzam." },
                { "Ticket", "Unknown user here, please register me." },
                { "Zmiana",
                    "Proszę nie odpowiadać na poprzedni mail, był pomyłką. Zgłaszam się na szkolenie." },
                { "Pytanie", "Czy to jest automatyczna odpowiedź? Proszę o kontakt z człowiekiem." },
                { "Lista", "Proszę dopisać mnie do listy. Pokój 551, budynek 5.1.1." },
                { "Zwrot kosztów", "Czy zwrot kosztów dojazdu jest możliwy?" },
                { "Automatyczna sekretarka", "Nagrałem się na automatyczną sekretarkę." },
                { "Potwierdzenie", "Potwierdzam otrzymanie wiadomości i przyjdę." },
                { "Out", "I will be out of town on the 26th, can my colleague come instead?" },
                { "Odmowa dostawy", "Catering nie został dostarczony na 9:00, proszę dzwonić." },
        };

        (void)state;
        ALL(mails, ROBOT_NO);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(automatic), cmocka_unit_test(receipts),
                cmocka_unit_test(bounces), cmocka_unit_test(people) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
