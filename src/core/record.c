/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/record.h"

#include "base/version.h"

json_t *record_hello(const char *program)
{
        return json_pack("{s:s, s:s, s:s}", "op", "hello", "program", program, "version", ZAPISY_VERSION);
}
