/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/story.h"

#include "ctl/ctl.h"
#include "ctl/row.h"

void story_free(struct story *story)
{
        store_registration_free(&story->registration);
        store_message_list_free(&story->mails);
        store_letter_list_free(&story->letters);
        store_history_list_free(&story->history);
        store_review_list_free(&story->reviews);
}

static bool mail_belongs(const struct store_message *mail, const struct store_registration *registration)
{
        return (registration->message && mail->id == registration->message) ||
               str_list_has(&mail->refs, registration->ref);
}

/* A letter to a group names no registration, but the mail it answers. */
static bool letter_belongs(const struct store_letter *letter, const struct story *story)
{
        if (letter->registration)
                return letter->registration == story->registration.id;
        for (size_t i = 0; letter->message && i < story->mails.count; i++)
                if (story->mails.items[i].id == letter->message)
                        return true;
        return false;
}

static void keep_mails(struct story *story)
{
        struct store_message_list *list = &story->mails;
        size_t kept = 0;

        for (size_t i = 0; i < list->count; i++) {
                if (mail_belongs(&list->items[i], &story->registration))
                        list->items[kept++] = list->items[i];
                else
                        store_message_free(&list->items[i]);
        }
        list->count = kept;
}

static void keep_letters(struct story *story)
{
        struct store_letter_list *list = &story->letters;
        size_t kept = 0;

        for (size_t i = 0; i < list->count; i++) {
                if (letter_belongs(&list->items[i], story))
                        list->items[kept++] = list->items[i];
                else
                        store_letter_free(&list->items[i]);
        }
        list->count = kept;
}

static void keep_reviews(struct story *story)
{
        struct store_review_list *list = &story->reviews;
        size_t kept = 0;

        for (size_t i = 0; i < list->count; i++) {
                if (list->items[i].registration == story->registration.id)
                        list->items[kept++] = list->items[i];
                else
                        store_review_free(&list->items[i]);
        }
        list->count = kept;
}

int story_read(struct ctl *ctl, const char *typed_ref, struct story *ret_story, struct err *err)
{
        struct story story = { .mails = { 0 } };

        if (row_find(ctl, typed_ref, &story.registration, err) < 0)
                return -1;
        if (store_message_all(ctl->store, &story.mails, err) < 0 ||
            store_letter_list(ctl->store, &story.letters, err) < 0 ||
            store_history_of(ctl->store, story.registration.id, &story.history, err) < 0 ||
            store_review_open(ctl->store, &story.reviews, err) < 0) {
                story_free(&story);
                return -1;
        }
        keep_mails(&story);
        keep_letters(&story);
        keep_reviews(&story);
        *ret_story = story;
        return 0;
}
