/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/registrar only: what its files share. */
#pragma once

#include "core/decide.h"
#include "core/letter.h"
#include "core/mail.h"
#include "core/triage.h"
#include "registrar/registrar.h"
#include "store/store.h"

/* What a mail's references and tokens lead to, and what the decision table wants to know (assess.c). */
struct assessment {
        struct triage_facts facts;
        struct triage triage;
        int64_t registration;    /* that proof leads to, or (facts.registered) a sender who cancels; 0 none */
        int64_t letter_message;  /* the mail that the answered letter (a group's, say) was about; 0 none */
        char *letter_to;         /* to whom that letter went; owned, or NULL */
        int event;               /* index; -1 none, -2 a tie */
        char *token_ref;         /* ref of the valid token in the subject; owned, or NULL */
        enum decide_rule unread; /* why a form of which nothing could be read was not */
};
int assess(struct registrar *r, const struct intake *intake, int64_t counted_at, struct assessment *ret,
    struct err *err);
void assessment_free(struct assessment *assessment);

/* The kind of review that stays when its registration is settled: somebody asked something and waits for an answer. */
#define REVIEW_QUESTION "reply"

/* One mail on its way to one letter. */
struct mail_case {
        const struct intake *intake;
        struct store_message *message;
        const struct assessment *assessment;
        const struct event *event;
        const char *sender; /* registered address */
        int64_t clock_conflict;
};

/* What became of one person of a mail (person.c). */
struct person_result {
        enum outcome outcome;
        enum letter_kind kind;
        bool letter;                            /* kind is to be written */
        bool with_proof, fresh;                 /* for the caps: answered with proof; a new registration */
        struct store_registration registration; /* as it is now */
        struct person before;                   /* updated: as it was (else values NULL) */
        size_t field_count;                     /* of before */
        struct str_list missing, unsure;
};
/* form: the person stands in a form; else the answer only adds to what is known. */
int person_admit(struct registrar *r, const struct mail_case *c, const struct person *person, bool form,
    struct person_result *ret_result, struct err *err);
/* A registration of which nothing could be read. */
int person_admit_unread(
    struct registrar *r, const struct mail_case *c, struct person_result *ret_result, struct err *err);
void person_result_free(struct person_result *result);
/* A new registration, judged and recorded: it brings event, sender, channel, message, counted_at and values.
 */
int person_register(struct registrar *r, const struct event *event, struct store_registration *registration,
    const struct claim *claim, const struct str_list *unsure, struct err *err);
/* The same for one that is there already, whose values changed (a completion, a resolved review). */
int person_judge_again(struct registrar *r, const struct event *event,
    struct store_registration *registration, const struct claim *claim, const struct str_list *unsure,
    const char *actor, int64_t message, struct err *err);
void person_set_values(
    const struct event *event, struct store_registration *registration, const struct person *person);
/* What lists show as unsure; NULL: nothing is any more. */
void person_set_unsure(struct store_registration *registration, const struct str_list *unsure);
enum letter_kind person_letter_kind(enum status status);

/* Seats (seats.c). */
int seats_standing(struct registrar *r, const struct event *event,
    const struct store_registration *registration, struct standing *ret_standing, struct err *err);
int seats_cancel(struct registrar *r, const struct event *event, struct store_registration *registration,
    const char *actor, int64_t message,
    struct err *err); /* frees the place, promotes others; no letter to the one cancelled */
int seats_history(struct registrar *r, int64_t registration, int64_t message, const char *actor,
    const char *what, const char *detail, struct err *err);

/* Decides one message, pending being its JSON (admit.c). What cannot be decided for a reason of its own goes to a
 * person. */
int admit(struct registrar *r, struct store_message *message, const char *pending, struct err *err);

/* The letters that answer a mail, when it may be answered (answer.c). */
int answer_write(struct registrar *r, const struct mail_case *c, struct person_result *results, size_t count,
    struct err *err);
/* A registration that waited for its sender's word is judged now (confirm.c). */
int confirm_admit(struct registrar *r, const struct mail_case *c, struct err *err);
/* Whether a registration waits for its sender's word. */
bool confirm_awaited(const struct store_registration *registration);

/* Letters (letters.c). */
struct letter_order {
        enum letter_kind kind;
        const struct event *event;
        struct store_registration *registration; /* NULL for a group; its "told" is set */
        const struct person *before;             /* updated */
        const struct str_list *missing, *unsure;
        const struct mail *answers; /* NULL when it answers no mail */
        int64_t message;            /* of the mail answered; 0 none */
        const char *to;
        const char *people;        /* group */
        int64_t counted_at;        /* group: of the mail */
        bool free;                 /* not counted against the caps of answers */
        bool with_calendar_cancel; /* cancelled: it was a seat */
};
int letters_queue(struct registrar *r, const struct letter_order *order, struct err *err);
int letters_queue_digest(
    struct registrar *r, const char *subject, const char *body, int64_t *ret_letter, struct err *err);
/* The facts of a letter about one registration; borrowed from the arguments. */
void letters_about(struct registrar *r, const struct event *event,
    const struct store_registration *registration, const struct person *person,
    struct letter_about *ret_about);
