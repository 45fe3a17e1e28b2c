/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event files. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "config/option.h"
#include "config/parts.h"
#include "core/address.h"
#include "core/fold.h"
#include "core/zone.h"

struct draft {
        struct event event;
        char *starts, *ends, *deadline, *promote_until;
        int language, late, requests;
};

/* Where an event's settings stand, for what is checked when all files are read. */
struct source {
        char *file;
        int id, prefix, address; /* lines */
};

enum { ID_LENGTH = 64, PREFIX_LENGTH = 8, SEATS_MAX = 100000 };

static void check_id(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (*text == '\0' || strlen(text) > ID_LENGTH ||
            text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")])
                option_error(
                    reader, setting, "id must be 1 to %d letters, digits, \"_\" and \"-\"", (int)ID_LENGTH);
}

static void check_prefix(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (*text == '\0' || strlen(text) > PREFIX_LENGTH ||
            text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")])
                option_error(
                    reader, setting, "ref_prefix must be 1 to %d of A-Z and 0-9", (int)PREFIX_LENGTH);
}

static void check_promotion(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (str_equal(text, "offer") || str_equal(text, "manual"))
                option_error(reader, setting, "promotion: only \"automatic\" is supported by this version");
        else if (!str_equal(text, "automatic"))
                option_error(reader, setting, "promotion must be one of automatic|offer|manual, in quotes");
}

/* "2 days", "12 hours": before the start. */
static void check_reminder(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        static const char *const units[] = { " hour", " hours", " day", " days", " week", " weeks" };
        size_t digits = strspn(text, "0123456789");

        for (size_t i = 0; digits > 0 && digits <= 3 && i < sizeof units / sizeof units[0]; i++)
                if (str_equal(text + digits, units[i]))
                        return;
        option_error(reader, setting, "reminders: \"%s\" must be like \"2 days\" or \"12 hours\"", text);
}

/* ---- the table */
#define AT(member) offsetof(struct draft, member)
#define TEXT(path_, member, default_, check_)                                                                \
        {                                                                                                    \
                .path = path_, .type = OPTION_TEXT, .offset = AT(member), .text = default_, .check = check_  \
        }
#define NEEDED(path_, member, check_)                                                                        \
        {                                                                                                    \
                .path = path_, .type = OPTION_TEXT, .offset = AT(member), .required = true, .check = check_  \
        }
#define LIST(path_, member)                                                                                  \
        {                                                                                                    \
                .path = path_, .type = OPTION_TEXTS, .offset = AT(member)                                    \
        }
#define WORD(path_, member, words_)                                                                          \
        {                                                                                                    \
                .path = path_, .type = OPTION_WORD, .offset = AT(member), .words = words_                    \
        }
#define INT(path_, member, default_, min_, max_)                                                             \
        {                                                                                                    \
                .path = path_, .type = OPTION_INT, .offset = AT(member), .number = default_, .min = min_,    \
                .max = max_                                                                                  \
        }
#define BOOL(path_, member, default_)                                                                        \
        {                                                                                                    \
                .path = path_, .type = OPTION_BOOL, .offset = AT(member), .number = default_                 \
        }

static const struct option options[] = {
        NEEDED("id", event.id, check_id),
        NEEDED("ref_prefix", event.ref_prefix, check_prefix),
        NEEDED("title", event.title, option_check_filled),
        WORD("language", language, "pl|en"),
        NEEDED("starts", starts, NULL),
        NEEDED("ends", ends, NULL),
        TEXT("timezone", event.timezone, "Europe/Warsaw", option_check_zone),
        TEXT("place", event.place, "", NULL),
        LIST("provides", event.provides),
        NEEDED("deadline", deadline, NULL),
        { .path = "seats",
            .type = OPTION_INT,
            .offset = AT(event.seats),
            .required = true,
            .min = 1,
            .max = SEATS_MAX },
        INT("waitlist", event.waitlist, 20, -1, SEATS_MAX),
        WORD("late", late, "refuse|waitlist"),
        BOOL("incomplete_keeps_time", event.incomplete_keeps_time, false),
        INT("per_organisation", event.per_organisation, 0, 0, SEATS_MAX),
        { .path = "quotas", .type = OPTION_OTHER },
        TEXT("quota_release", event.quota_release, "", NULL),
        TEXT("promotion", event.promotion, "automatic", check_promotion),
        INT("offer_hours", event.offer_hours, 24, 1, 24 * 60),
        TEXT("promote_until", promote_until, "", NULL),
        BOOL("together", event.together, false),
        BOOL("substitution", event.substitution, true),
        { .path = "reminders", .type = OPTION_TEXTS, .offset = AT(event.reminders), .check = check_reminder },
        WORD("requests", requests, "review|answer"),
        LIST("match.subject", event.match_subject),
        TEXT("match.address", event.match_address, "", option_check_email),
        { .path = "blank_form",
            .type = OPTION_PATH,
            .offset = AT(event.blank_form),
            .text = "",
            .check = option_check_file },
        { .path = "privacy_notice", .type = OPTION_LINES, .offset = AT(event.privacy_notice), .text = "" },
        INT("retain_days", event.retain_days, 60, 0, 100000),
        { .path = "form.fields", .type = OPTION_OTHER, .required = true },
};
enum { OPTIONS = sizeof options / sizeof options[0] };

static const struct option quota_options[] = {
        { .path = "field",
            .type = OPTION_TEXT,
            .offset = offsetof(struct event_quota, field),
            .required = true },
        { .path = "value",
            .type = OPTION_TEXT,
            .offset = offsetof(struct event_quota, value),
            .required = true },
        { .path = "seats",
            .type = OPTION_INT,
            .offset = offsetof(struct event_quota, seats),
            .required = true,
            .min = 1,
            .max = SEATS_MAX },
};
enum { QUOTA_OPTIONS = sizeof quota_options / sizeof quota_options[0] };

/* ---- quotas */
static void check_quota(struct option_reader *reader, const config_setting_t *item, const struct form *form,
    const struct event_quota *quota)
{
        const struct field *field = form_field(form, quota->field);

        if (*quota->field && !field)
                option_error(reader, item, "quotas: the form has no field \"%s\"", quota->field);
        else if (field && *quota->value && !field_is_normal(field, quota->value))
                option_error(reader, item, "quotas: \"%s\" is no value of the field \"%s\"", quota->value,
                    quota->field);
}

static void read_quotas(struct option_reader *reader, config_setting_t *list, struct event *event)
{
        int count = config_setting_length(list);

        if (!config_setting_is_list(list) && count > 0) {
                option_error(reader, list, "quotas must be a list of groups: ( { ... }, { ... } )");
                return;
        }
        event->quotas = xcalloc((size_t)count, sizeof *event->quotas);
        for (int i = 0; i < count; i++) {
                config_setting_t *item = config_setting_get_elem(list, (unsigned)i);

                if (!config_setting_is_group(item)) {
                        option_error(reader, item, "quotas: each must be a group: { ... }");
                        continue;
                }
                struct event_quota *quota = &event->quotas[event->quota_count++];
                option_read(reader, item, "quotas: ", quota_options, QUOTA_OPTIONS, quota, NULL);
                check_quota(reader, item, &event->form, quota);
                for (size_t j = 0; j + 1 < event->quota_count; j++)
                        if (str_equal(event->quotas[j].field, quota->field) &&
                            str_equal(event->quotas[j].value, quota->value))
                                option_error(reader, item, "quotas: \"%s\" twice", quota->value);
        }
}

/* ---- times */
/* ZONE_NO_TIME when it is empty or wrong. */
static int64_t read_time(struct option_reader *reader, config_setting_t *root, const char *name,
    const char *text, const char *zone)
{
        int64_t instant = ZONE_NO_TIME;
        struct err err;

        if (*text && zone_exists(zone) && zone_parse_local(text, zone, &instant, &err) < 0)
                option_error(reader, config_setting_get_member(root, name), "%s: %s", name, err.text);
        else if (*text == '\0' && config_setting_get_member(root, name) && !str_equal(name, "promote_until"))
                option_error(reader, config_setting_get_member(root, name), "%s must not be empty", name);
        return instant;
}

static void read_times(struct option_reader *reader, config_setting_t *root, struct draft *draft)
{
        struct event *event = &draft->event;
        const char *zone = event->timezone;
        int64_t until = read_time(reader, root, "promote_until", draft->promote_until, zone);

        event->starts = read_time(reader, root, "starts", draft->starts, zone);
        event->ends = read_time(reader, root, "ends", draft->ends, zone);
        event->deadline = read_time(reader, root, "deadline", draft->deadline, zone);
        event->promote_until = until == ZONE_NO_TIME ? event->starts : until;
        if (event->starts == ZONE_NO_TIME)
                return;
        if (event->ends != ZONE_NO_TIME && event->ends <= event->starts)
                option_error(reader, config_setting_get_member(root, "ends"), "it ends before it starts");
        if (event->deadline != ZONE_NO_TIME && event->deadline > event->starts)
                option_error(
                    reader, config_setting_get_member(root, "deadline"), "the deadline is after the start");
}

/* ---- one file */
static void warn_unfollowed(struct option_reader *reader, config_setting_t *root, const struct event *event)
{
        if (event->together)
                option_warn(reader, config_setting_get_member(root, "together"),
                    "together = true is not followed by this version");
        if (*event->quota_release)
                option_warn(reader, config_setting_get_member(root, "quota_release"),
                    "quota_release is not followed by this version");
        if (*event->privacy_notice == '\0')
                option_warn(reader, config_setting_get_member(root, "privacy_notice"),
                    "privacy_notice is empty: the first letter to a person says nothing about their data");
}

static void read_event(
    struct option_reader *reader, config_setting_t *root, struct event *ret_event, struct source *ret_source)
{
        struct draft draft = { 0 };
        config_setting_t *quotas = config_setting_get_member(root, "quotas");
        int lines[OPTIONS];

        option_read(reader, root, "", options, OPTIONS, &draft, lines);
        draft.event.language = xstrdup(draft.language ? "en" : "pl");
        draft.event.late_waitlist = draft.late != 0;
        draft.event.requests_answer = draft.requests != 0;
        read_times(reader, root, &draft);
        fields_read(reader, config_setting_lookup(root, "form.fields"), &draft.event.form);
        if (quotas)
                read_quotas(reader, quotas, &draft.event);
        warn_unfollowed(reader, root, &draft.event);
        free(draft.starts);
        free(draft.ends);
        free(draft.deadline);
        free(draft.promote_until);
        ret_source->file = xstrdup(reader->file);
        for (size_t i = 0; i < OPTIONS; i++) {
                if (str_equal(options[i].path, "id"))
                        ret_source->id = lines[i];
                else if (str_equal(options[i].path, "ref_prefix"))
                        ret_source->prefix = lines[i];
                else if (str_equal(options[i].path, "match.address"))
                        ret_source->address = lines[i];
        }
        *ret_event = draft.event;
}

static void read_file(
    struct option_reader *reader, const char *file, struct config *config, struct source *sources)
{
        struct option_reader inner = { .problems = reader->problems, .file = file, .folder = reader->folder };
        config_t parsed;

        if (!option_parse(&inner, &parsed))
                return;
        read_event(&inner, config_root_setting(&parsed), &config->events[config->event_count],
            &sources[config->event_count]);
        config->event_count++;
        config_destroy(&parsed);
}

/* ---- events among each other */
static void clash(struct option_reader *reader, const struct source *a, const struct source *b, int line,
    const char *what, const char *text)
{
        option_problem(reader->problems, b->file, line, false,
            xasprintf("the %s \"%s\" is taken by %s", what, text, a->file));
}

static void check_pair(struct option_reader *reader, const struct event *a, const struct source *from_a,
    const struct event *b, const struct source *from_b)
{
        if (*b->id && str_equal(a->id, b->id))
                clash(reader, from_a, from_b, from_b->id, "id", b->id);
        if (*b->ref_prefix && str_equal(a->ref_prefix, b->ref_prefix))
                clash(reader, from_a, from_b, from_b->prefix, "ref_prefix", b->ref_prefix);
        if (*b->match_address && address_equal(a->match_address, b->match_address))
                clash(reader, from_a, from_b, from_b->address, "match.address", b->match_address);
}

static int is_event_file(const struct dirent *entry)
{
        size_t length = strlen(entry->d_name);

        return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".conf") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
        return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_files(struct option_reader *reader, struct dirent **names, int count, struct config *config)
{
        struct source *sources = xcalloc((size_t)count, sizeof *sources);

        config->events = xcalloc((size_t)count, sizeof *config->events);
        for (int i = 0; i < count; i++) {
                CLEANUP_FREE char *file = xasprintf("%s/%s", config->events_dir, names[i]->d_name);

                read_file(reader, file, config, sources);
        }
        for (size_t i = 0; i < config->event_count; i++)
                for (size_t j = 0; j < i; j++)
                        check_pair(reader, &config->events[j], &sources[j], &config->events[i], &sources[i]);
        for (size_t i = 0; i < config->event_count; i++)
                free(sources[i].file);
        free(sources);
}

void training_read_all(struct option_reader *reader, struct config *config)
{
        struct dirent **names;
        int count = scandir(config->events_dir, &names, is_event_file, by_bytes);
        int line = service_line(config, "events_dir");

        if (count < 0) {
                option_problem(reader->problems, reader->file, line, false,
                    xasprintf("events_dir: %s: %s", config->events_dir, strerror(errno)));
                return;
        }
        if (count == 0)
                option_problem(reader->problems, reader->file, line, true,
                    xasprintf("events_dir: no *.conf file in %s: there is no training", config->events_dir));
        if (count > LIMIT_EVENTS)
                option_problem(reader->problems, reader->file, line, false,
                    xasprintf("events_dir: %d files, at most %d", count, (int)LIMIT_EVENTS));
        else
                read_files(reader, names, count, config);
        for (int i = 0; i < count; i++)
                free(names[i]);
        free(names);
}
