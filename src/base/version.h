/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One version for all programs: a helper of another version is refused at its greeting. */
#pragma once

#define ZAPISY_VERSION "0.1.0"
