/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person's own words ask for. All lists are as fold_key() leaves text. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"
#include "core/mail.h"
#include "core/phrase.h"
#include "core/triage.h"

enum { LINES_OF_SIGNATURE = 10, LINE_MAX_SIZE = 500 };

static const char *const greetings[] = { "dzien dobry", "dzien dobry pani", "dzien dobry panu", "witam",
        "witam serdecznie", "witam pania", "witam panstwa", "szanowni panstwo", "szanowna pani",
        "szanowny panie", "pani agnieszko", "czesc", "hej", "hello", "hi", "dear madam", "dear sir",
        "dear sir or madam", "dear sirs", "good morning", "good afternoon", "hello there", NULL };

static const char *const cancel_words[] = { "rezygnuje", "rezygnujemy", "rezygnacja", "rezygnacje",
        "zrezygnowac", "odwoluje", "odwolujemy", "odwolanie", "odwolac", "wycofuje", "wycofujemy",
        "wycofanie", "wycofac", "anuluje", "anulujemy", "anulowanie", "anulowac", "wypisuje", "wypisujemy",
        "cancel", "cancellation", "cancelling", "canceling", "withdraw", "withdrawal", NULL };

/* What people put before the word that says it. */
static const char *const before_cancel[] = { "prosze o", "prosze", "prosimy o", "prosimy", "niestety",
        "niestety musze", "musze", "musimy", "chce", "chcemy", "chcialbym", "chcialabym", "bardzo prosze o",
        "z przykroscia", "niniejszym", "please", "i", "we", "i would like to", "i want to", "i have to",
        "i must", "i am", "we have to", "unfortunately", "unfortunately i have to", "please accept my", "my",
        NULL };

static const char *const subject_prefixes[] = { "re", "odp", "odpowiedz", "fwd", "fw", "pd", "aw", NULL };

static const char *after(const char *text, size_t size)
{
        text += size;
        return *text == ' ' ? text + 1 : text;
}

/* The next line in folded form, owned; NULL at the end. Only its start matters when it is very long. */
static char *next_line(const char **text)
{
        size_t size;
        char *line, *folded;

        if (!**text)
                return NULL;
        size = strcspn(*text, "\n");
        line = xstrndup(*text, size < LINE_MAX_SIZE ? size : LINE_MAX_SIZE);
        folded = fold_key(line);
        free(line);
        *text += size + ((*text)[size] == '\n');
        return folded;
}

static bool begins_with_cancel(const char *line)
{
        size_t size;

        while ((size = phrase_start(line, subject_prefixes)))
                line = after(line, size);
        while ((size = phrase_start(line, greetings)))
                line = after(line, size);
        if (phrase_start(line, cancel_words))
                return true;
        size = phrase_start(line, before_cancel);
        return size && phrase_start(after(line, size), cancel_words);
}

bool triage_cancel_words(const char *text)
{
        const char *p = text ? text : "";
        char *line;

        while ((line = next_line(&p))) {
                /* "Szanowna Pani Agnieszko," is a line of its own and says nothing yet. */
                bool only_greeting = !*line || (phrase_start(line, greetings) && !strchr(line, '\n') &&
                                                   strlen(line) < 40 && !begins_with_cancel(line));
                bool found = begins_with_cancel(line);

                free(line);
                if (found || !only_greeting)
                        return found;
        }
        return false;
}

/* ---- Confirming */

static const char *const confirm_words[] = { "potwierdzam", "potwierdzamy", "tak potwierdzam",
        "tak potwierdzamy", "confirm", "i confirm", "we confirm", "confirmed", "yes i confirm", NULL };

/* What may follow on that line; "potwierdzam otrzymanie" confirms no registration. */
static const char *const confirmed_things[] = { "zgloszenie", "zgloszenia", "swoje zgloszenie",
        "nasze zgloszenie", "moje zgloszenie", "to zgloszenie", "wyslanie zgloszenia", "swoj udzial",
        "udzial", "chec udzialu", "rejestracje", "the registration", "my registration", "our registration",
        "this registration", "my participation", NULL };

static bool begins_with_confirm(const char *line)
{
        size_t size;

        while ((size = phrase_start(line, greetings)))
                line = after(line, size);
        size = phrase_start(line, confirm_words);
        if (!size)
                return false;
        line = after(line, size);
        return !*line || phrase_start(line, confirmed_things);
}

bool triage_confirm_words(const char *text)
{
        const char *p = text ? text : "";
        char *line;

        while ((line = next_line(&p))) {
                bool found = begins_with_confirm(line), skip = !*line || phrase_start(line, greetings);

                free(line);
                if (found || !skip)
                        return found;
        }
        return false;
}

/* ---- Thanks */

static const char *const thanks[] = { "dziekuje", "dziekuje bardzo", "dziekujemy", "dzieki",
        "dziekuje pieknie", "podziekowania", "wdzieczny", "wdzieczna", "thank you", "thanks", "many thanks",
        "thx", NULL };

static const char *const closings[] = { "pozdrawiam", "pozdrawiamy", "pozdrowienia", "z powazaniem",
        "z wyrazami szacunku", "z szacunkiem", "z pozdrowieniami", "kind regards", "best regards", "regards",
        "best wishes", "yours sincerely", "yours faithfully", "lacze pozdrowienia", NULL };

/* Words that may stand around thanks without asking for anything. */
static const char *const courtesies[] = { "bardzo", "serdecznie", "pieknie", "slicznie", "uprzejmie", "za",
        "i", "oraz", "wiadomosc", "maila", "mail", "list", "informacje", "informacja", "odpowiedz", "szybka",
        "potwierdzenie", "przyjecie", "zgloszenia", "zgloszenie", "pomoc", "kontakt", "ok", "okej", "super",
        "swietnie", "milego", "dnia", "weekendu", "tygodnia", "dobrego", "wieczoru", "zycze", "do",
        "zobaczenia", "uslyszenia", "pani", "panu", "panstwu", "witam", "dzien", "dobry", "szanowni",
        "szanowna", "szanowny", "panstwo", "panie", "raz", "jeszcze", "z", "gory", "very", "much", "so", "a",
        "lot", "for", "your", "the", "quick", "reply", "answer", "message", "information", "confirmation",
        "help", "see", "you", "there", "and", "hello", "dear", "all", "best", "have", "nice", "day", NULL };

/* Takes known phrases from the start until nothing is left; false when a word remains that is none of them.
 */
static bool is_courtesy(const char *line, bool *found_thanks)
{
        while (*line) {
                size_t size = phrase_start(line, thanks);

                *found_thanks = *found_thanks || size;
                if (!size && (size = phrase_start(line, closings)))
                        *found_thanks = true;
                if (!size)
                        size = phrase_start(line, courtesies);
                if (!size)
                        return false;
                line = after(line, size);
        }
        return true;
}

bool triage_thanks(const struct mail *mail)
{
        const char *p = mail->text ? mail->text : "";
        bool found = false, closed = false;
        int signature = 0;
        char *line;

        if (strchr(p, '?'))
                return false;
        while ((line = next_line(&p))) {
                bool closing = phrase_start(line, closings) > 0;
                bool courtesy = is_courtesy(line, &found);
                bool empty = !*line;

                free(line);
                /* Below "Pozdrawiam" stands who it is: name, office, telephone. */
                if (closed && !empty && ++signature > LINES_OF_SIGNATURE)
                        return false;
                if (!closed && !courtesy)
                        return false;
                closed = closed || (closing && courtesy);
        }
        return found;
}

/* ---- Asking to sign up */

static const char *const requests[] = { "prosze o zapisanie", "prosimy o zapisanie", "prosze o zapis",
        "prosze zapisac", "prosze mnie zapisac", "prosze o wpisanie", "prosze wpisac", "prosze o rezerwacje",
        "prosze o rezerwacje miejsca", "prosze o przyjecie", "prosze o zarejestrowanie", "prosze o formularz",
        "prosze o przeslanie formularza", "prosze o wyslanie formularza", "prosze o przeslanie ankiety",
        "prosze o ankiete", "prosimy o przeslanie formularza", "prosimy o formularz", "chcialbym sie zapisac",
        "chcialabym sie zapisac", "chcialbym zapisac sie", "chcialabym zapisac sie", "chce sie zapisac",
        "chce zapisac sie", "chcemy sie zapisac", "chcialbym zapisac", "chcialabym zapisac",
        "chcielibysmy zapisac", "chcielibysmy sie zapisac", "chcialbym wziac udzial",
        "chcialabym wziac udzial", "chcielibysmy wziac udzial", "chce wziac udzial", "chcemy wziac udzial",
        "chetnie wezme udzial", "wezme udzial", "chcialbym uczestniczyc", "chcialabym uczestniczyc",
        "chce uczestniczyc", "chcialbym zglosic", "chcialabym zglosic", "chcialbym sie zglosic",
        "chcialabym sie zglosic", "chcielibysmy zglosic", "chce zglosic", "chce sie zglosic",
        "zglaszam udzial", "zglaszam swoj udzial", "zglaszam chec", "zglaszamy udzial", "zglaszamy chec",
        "zglaszam sie", "zglaszam siebie", "deklaruje udzial", "zapisuje sie", "jak sie zapisac",
        "jak moge sie zapisac", "gdzie mozna sie zapisac", "czy mozna sie zapisac", "czy moge sie zapisac",
        "czy mozna sie jeszcze zapisac", "please register", "please sign me up", "please send me the form",
        "sign me up", "register me", "i would like to register", "i would like to attend",
        "i would like to participate", "i would like to take part", "i would like to sign up",
        "i d like to register", "i d like to attend", "i d like to sign up", "i want to register",
        "i want to attend", "i wish to register", "i wish to attend", "how can i register",
        "how do i register", "send me the registration form", NULL };

bool triage_asks(const struct mail *mail)
{
        CLEANUP_FREE char *text = fold_key(mail->text ? mail->text : "");
        CLEANUP_FREE char *subject = NULL;

        if (phrase_in(text, requests))
                return true;
        subject = fold_key(mail->subject ? mail->subject : "");
        return phrase_in(subject, requests);
}
