/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/glance.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/mail.h"
#include "core/name.h"
#include "registrar/registrar.h"

/* ---- mail or document */
static bool is_known_header(const char *line, size_t size)
{
        static const char *const names[] = { "from", "to", "date", "subject", "received", "return-path",
                "message-id", "mime-version", "content-type", "delivered-to", "reply-to", "x-original-to" };

        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                if (size == strlen(names[i]) && str_starts_nocase(line, names[i]))
                        return true;
        return false;
}

/* Length of the name before the colon, 0 when the line is no header. */
static size_t header_name(const char *line, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                if (line[i] == ':')
                        return i;
                if (line[i] <= ' ' || line[i] == 0x7f)
                        return 0;
        }
        return 0;
}

bool glance_is_mail(const char *bytes, size_t size)
{
        const char *p = bytes, *end = bytes + size;
        bool known = false;

        while (p < end) {
                const char *newline = memchr(p, '\n', (size_t)(end - p));
                size_t line = newline ? (size_t)(newline - p) : (size_t)(end - p), name;

                if (line == 0 || (line == 1 && *p == '\r'))
                        break;
                name = header_name(p, line);
                if (name)
                        known = known || is_known_header(p, name);
                else if (!((p == bytes && line > 5 && memcmp(p, "From ", 5) == 0) ||
                             (p > bytes && (*p == ' ' || *p == '\t'))))
                        return known && p > bytes; /* a broken header is a mail's all the same */
                if (!newline)
                        break;
                p = newline + 1;
        }
        return known;
}

/* ---- which event, whose people */
static int choose_event(const struct config *config, const struct intake *answer, const struct mail *mail)
{
        bool mentions[LIMIT_EVENTS] = { false }, open[LIMIT_EVENTS] = { false };
        int event;

        for (size_t i = 0; i < answer->reading_count; i++)
                if (answer->readings[i].mentions)
                        mentions[answer->readings[i].event] = true;
        for (size_t i = 0; i < config->event_count && i < LIMIT_EVENTS; i++)
                open[i] = true;
        if (config->event_count == 1)
                return 0;
        event = triage_event(mail, config->events, config->event_count, -1, mentions, open);
        return event >= 0 ? event : -1;
}

static size_t values_in(const struct event *event, const struct person *person)
{
        size_t count = 0;

        for (size_t i = 0; i < event->form.count; i++)
                count += person->values[i].value != NULL;
        return count;
}

static const char *name_in(const struct event *event, const struct person *person)
{
        const struct field *field = form_name_field(&event->form);
        const char *name = field ? person->values[field - event->form.fields].value : NULL;

        return name ? name : "";
}

/* The same name in the body and in a document is one person: the fuller reading counts. */
static void add_person(const struct event *event, struct glance *glance, const struct person *person)
{
        for (size_t i = 0; i < glance->people_count; i++)
                if (name_equal(name_in(event, glance->people[i]), name_in(event, person))) {
                        if (values_in(event, person) > values_in(event, glance->people[i]))
                                glance->people[i] = person;
                        return;
                }
        glance->people[glance->people_count++] = person;
}

static void collect(const struct config *config, const struct intake *answer, struct glance *glance)
{
        size_t room = 1;

        for (size_t i = 0; i < answer->reading_count; i++)
                room += answer->readings[i].reading.people_count;
        glance->people = xcalloc(room, sizeof *glance->people);
        for (size_t i = 0; i < answer->reading_count; i++) {
                const struct intake_reading *source = &answer->readings[i];
                const struct event *event = &config->events[source->event];

                if (glance->event < 0 || source->event != (size_t)glance->event)
                        continue;
                glance->blank = glance->blank || source->reading.blank;
                for (size_t p = 0; p < source->reading.people_count; p++)
                        if (reading_person_counts(&event->form, &source->reading, &source->reading.people[p]))
                                add_person(event, glance, &source->reading.people[p]);
        }
}

static bool subject_matches(const struct config *config, const struct mail *mail)
{
        bool nothing[LIMIT_EVENTS] = { false };

        return triage_event(mail, config->events, config->event_count, -1, nothing, nothing) != -1;
}

static bool any_value(const struct config *config, const struct intake *answer)
{
        for (size_t i = 0; i < answer->reading_count; i++)
                for (size_t p = 0; p < answer->readings[i].reading.people_count; p++)
                        if (values_in(&config->events[answer->readings[i].event],
                                &answer->readings[i].reading.people[p]))
                                return true;
        return false;
}

static bool any_form(const struct intake *answer)
{
        for (size_t i = 0; i < answer->reading_count; i++)
                if (answer->readings[i].reading.form)
                        return true;
        return false;
}

static enum mail_class classify(const struct config *config, const struct intake *answer, bool failed)
{
        const struct mail *mail = answer->mail;
        struct triage_facts facts = { .form = any_form(answer), .fields = any_value(config, answer) };
        struct triage triage_result;

        if (!mail)
                return facts.form ? CLASS_FORM : failed ? CLASS_UNREADABLE : CLASS_OTHER;
        facts.dmarc_failed = robot_dmarc_failed(mail, config->mailbox.authserv_id);
        facts.subject_matches = subject_matches(config, mail);
        facts.meant = !facts.form && triage_meant(mail, config->events, config->event_count, false);
        triage(mail, &facts, &triage_result);
        return triage_result.class;
}

void glance_judge(const struct config *config, const struct intake *answer, const char *name, bool failed,
    int only, struct glance *ret_glance)
{
        const struct mail by_name = { .subject = (char *)(uintptr_t)name, .text = (char *)(uintptr_t) "" };
        struct glance glance = { .event = -1 };

        glance.event =
            only >= 0 ? only : choose_event(config, answer, answer->mail ? answer->mail : &by_name);
        collect(config, answer, &glance);
        glance.blank = glance.blank && !glance.people_count;
        glance.class = classify(config, answer, failed);
        if (glance.blank && (glance.class == CLASS_OTHER || glance.class == CLASS_UNREADABLE))
                glance.class = CLASS_FORM;
        if (glance.class == CLASS_OTHER)
                glance.event = -1; /* it is about nothing here */
        *ret_glance = glance;
}

void glance_free(struct glance *glance)
{
        free(glance->people);
        *glance = (struct glance){ 0 };
}
