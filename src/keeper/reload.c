/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/reload.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "keeper/keeper.h"
#include "keeper/tokens.h"

int reload_config(const char *file, struct config **ret_config)
{
        struct config_problems problems = { 0 };
        int status = config_load(file, ret_config, &problems);

        for (size_t i = 0; i < problems.count; i++) {
                CLEANUP_FREE char *text = config_problem_text(&problems.items[i]);

                if (problems.items[i].warning)
                        log_warning("%s", text);
                else
                        log_error("%s", text);
        }
        config_problems_free(&problems);
        return status;
}

/* zapisyctl may have the store locked for a moment. */
static int adopt_patiently(struct keeper *keeper, struct config *config, struct err *err)
{
        enum { TRIES = 20 }; /* of the store's own 200 ms each */

        for (int i = 1; i < TRIES; i++) {
                if (keeper_adopt(keeper, config, err) == 0)
                        return 0;
                if (err->class != ERR_TEMP)
                        return -1;
        }
        return keeper_adopt(keeper, config, err);
}

void reload(struct keeper *keeper)
{
        struct config *config = NULL;
        struct err err = { 0 };

        if (reload_config(keeper->config_file, &config) < 0) {
                log_error("the configuration is wrong: the old one is kept");
                return;
        }
        if (!str_equal(config->store_path, keeper->config->store_path)) {
                log_error("store.path cannot change while zapisyd runs: the old configuration is kept; "
                          "restart zapisyd");
                config_free(config);
                return;
        }
        /* Messages in hand were read with the old forms: they are fetched and read again. Nothing of them is
         * recorded yet, and what is recorded is known. */
        intake_line_free(keeper->intake);
        if (adopt_patiently(keeper, config, &err) < 0) {
                log_error("%s: the old configuration is kept", err.text);
                config_free(config);
        } else {
                log_info("the configuration was read anew");
        }
        keeper->intake = intake_line_new(keeper);
        outbox_reopen(keeper->outbox);
        tokens_reload(keeper->tokens);
        if (intake_line_start(keeper->intake, &err) < 0) {
                log_error("%s", err.text);
                sd_event_exit(keeper->loop, EXIT_TRY_AGAIN);
        }
}
