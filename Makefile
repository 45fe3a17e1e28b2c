# SPDX-License-Identifier: GPL-3.0-or-later
# zapisyd: a coordinator's mailbox becomes a register. "make help" lists what can be made.

# ---- What may be left out: WITH_PDF=0 builds without poppler, WITH_OCR=0 without tesseract and leptonica. Such files
# are then for a person. "make clean" before another choice.
WITH_PDF ?= 1
WITH_OCR ?= 1
PACKAGES_PDF := $(if $(filter 0,$(WITH_PDF)),,libpoppler-glib-dev libcairo2-dev libfontconfig-dev)
PACKAGES_OCR := $(if $(filter 0,$(WITH_OCR)),,libtesseract-dev libleptonica-dev tesseract-ocr-pol tesseract-ocr-eng)

# ---- The one list of Debian packages: "make deps" installs them, "make packages" prints them.
PACKAGES_BUILD := build-essential pkg-config libsystemd-dev libjansson-dev libconfig-dev libsqlite3-dev \
	libicu-dev libetpan-dev libgnutls28-dev libcurl4-gnutls-dev libgmime-3.0-dev libxml2-dev libzip-dev libgsf-1-dev \
	libseccomp-dev libytnef0-dev $(PACKAGES_PDF) $(PACKAGES_OCR)
PACKAGES_TEST := libcmocka-dev dovecot-imapd systemd openssl ca-certificates tzdata python3 python3-pytest python3-pytest-xdist \
	python3-aiosmtpd python3-cryptography
PACKAGES := $(PACKAGES_BUILD) $(PACKAGES_TEST)
# Not installed, since they conflict with one another: "make check-servers" unpacks them into $(BUILD)/servers. The
# servers, and the libraries of theirs that nothing else here needs.
PACKAGES_SERVERS := cyrus-imapd cyrus-common libclamav12 libzephyr4 libwrap0 libical3 libxapian30 libpq5 libldap-2.5-0 \
	courier-imap courier-base courier-authlib libcourier-unicode4 libgamin0 libidn12

# ---- Where things go
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
PYTHON ?= /usr/bin/python3
JOBS ?= $(shell nproc)
# End-to-end tests at a time: most of their time is waiting.
WORKERS ?= 4

# ---- Compiler. SAN=1: address and undefined behaviour sanitizers. WERROR=1: warnings are errors. V=1: show all,
# QUIET=1: show nothing.
CC ?= cc
Q := $(if $(V),,@)
CSTD := -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla \
	-Wformat=2 -Wwrite-strings -Wpointer-arith -Wcast-qual -Wundef -Wimplicit-fallthrough -Wnull-dereference
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
OPTIM := -O2 -g
ifeq ($(SAN),1)
OPTIM := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDSAN := -fsanitize=address,undefined
else
HARDEN += -D_FORTIFY_SOURCE=2
endif
ifeq ($(WERROR),1)
WARN += -Werror
endif
PKG_CONFIG ?= pkg-config
CFLAGS_ALL = $(CSTD) $(WARN) $(OPTIM) $(HARDEN) -Isrc -isystem $(BUILD)/include $(CFLAGS)
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now,--as-needed $(LDSAN) $(LDFLAGS)

# ---- One static library a folder; what each needs from outside. Order in LIBS is link order: users first.
FOLDERS := base core form config store compose registrar fetch read page send keeper ctl
pkgs_core := icu-i18n icu-uc
pkgs_base := jansson
pkgs_config := libconfig
pkgs_store := sqlite3
pkgs_compose := gmime-3.0
# GLib, which GMime brings, for SHA-256.
pkgs_registrar := glib-2.0
# GnuTLS takes opaque S/MIME signatures apart, libgsf compound files.
pkgs_read := gmime-3.0 libxml-2.0 libzip libgsf-1 libseccomp gnutls
# winmail.dat
ldlibs_read := -lytnef
# poppler reads PDF files, cairo tells their ruling lines; tesseract recognises text, leptonica prepares its pictures.
pkgs_page := $(if $(filter 0,$(WITH_PDF)),,poppler-glib cairo fontconfig) $(if $(filter 0,$(WITH_OCR)),,tesseract lept) libxml-2.0
ldlibs_page := -lm
pkgs_send := libcurl
pkgs_keeper := libsystemd
pkgs_ctl := gmime-3.0
# pkg-config for libetpan drags in options that switch PIE off: name it plainly.
ldlibs_fetch := -letpan -lgnutls

# Programs and the folders each is made of. Its main is src/FOLDER/main.c, which belongs to no library.
PROGRAMS := zapisyd zapisyctl zapisy-fetch zapisy-read zapisy-pages zapisy-send
main_zapisyd := keeper
libs_zapisyd := keeper registrar config store compose core base
main_zapisyctl := ctl
libs_zapisyctl := ctl registrar config store compose form core base
main_zapisy-fetch := fetch
libs_zapisy-fetch := fetch core base
main_zapisy-read := read
libs_zapisy-read := read form core base
main_zapisy-pages := page
libs_zapisy-pages := page read form core base
main_zapisy-send := send
libs_zapisy-send := send core base
HELPERS := zapisy-fetch zapisy-read zapisy-pages zapisy-send

# Of the readers of pages either the real ones are compiled, or NAME_none.c.
readers_of = $(wildcard src/page/$(1).c src/page/$(1)_*.c)
left_out = $(if $(filter 0,$(2)),$(filter-out %_none.c,$(call readers_of,$(1))),src/page/$(1)_none.c)
left_out_page := $(call left_out,pdf,$(WITH_PDF)) $(call left_out,scan,$(WITH_OCR))

cflags_of = $(if $(pkgs_$(1)),$(shell $(PKG_CONFIG) --cflags $(pkgs_$(1)) | sed 's/-I/-isystem /g'))
ldlibs_of = $(foreach f,$(1),$(ldlibs_$(f)) $(if $(pkgs_$(f)),$(shell $(PKG_CONFIG) --libs $(pkgs_$(f)))))

.PHONY: all help deps packages check unit-tests fuzzer check-unit check-fuzz check-e2e check-servers check-pure check-format demo forms bench install install-files clean
all: $(PROGRAMS:%=$(BUILD)/bin/%)

help:
	@echo 'make            build the programs in $(BUILD)/bin'
	@echo 'make deps       install the Debian packages it needs (apt-get, with sudo when not root)'
	@echo 'make demo       watch zapisyd do its job on real servers, with the mails of samples/'
	@echo 'make check      all tests, with sanitizers'
	@echo 'make check-servers   the same on Cyrus and Courier (downloads their packages, installs none of them)'
	@echo 'make forms      how much of the forms in tests/forms and samples/ is read right; FORMS=FOLDER: of others, too'
	@echo 'make bench      how fast it is, beside a plain Python script'
	@echo 'make install    DESTDIR= PREFIX=/usr/local SYSCONFDIR=/etc'
	@echo 'make clean      remove $(BUILD)/'

# ---- Compiling
define folder_rules
sources_$(1) := $$(filter-out src/$(1)/main.c $$(left_out_$(1)),$$(wildcard src/$(1)/*.c))
objects_$(1) := $$(sources_$(1):src/%.c=$(BUILD)/obj/%.o)
cflags_$(1) = $$(call cflags_of,base) $$(call cflags_of,$(1))
$(BUILD)/lib/lib$(1).a: $$(objects_$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(Q)$(AR) rcsD $$@ $$^
$(BUILD)/obj/$(1)/%.o: src/$(1)/%.c Makefile
	@mkdir -p $$(@D)
	@$(if $(V)$(QUIET),,echo '  CC    $$<')
	$(Q)$(CC) $$(CFLAGS_ALL) $$(cflags_$(1)) -MMD -MP -c -o $$@ $$<
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_rules,$(f))))

define program_rules
$(BUILD)/bin/$(1): $(BUILD)/obj/$(main_$(1))/main.o $(libs_$(1):%=$(BUILD)/lib/lib%.a)
	@mkdir -p $$(@D)
	@$(if $(V)$(QUIET),,echo '  LINK  $$@')
	$(Q)$(CC) $$(LDFLAGS_ALL) -o $$@ $$^ $$(call ldlibs_of,$(libs_$(1)))
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rules,$(p))))

# ---- Unit tests: tests/unit/test_X.c says in a comment "libs: core base" what it may see, and links no more.
UNIT_SOURCES := $(filter-out $(if $(filter 0,$(WITH_OCR)),tests/unit/test_scan%) $(if $(filter 0,$(WITH_PDF)),tests/unit/test_pdf%), \
	$(wildcard tests/unit/test_*.c))
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)
test_libs = $(shell sed -n 's,^/\* libs: \(.*\) \*/$$,\1,p' tests/unit/$(1).c)
define unit_rules
unit_libs_$(1) := $$(call test_libs,$(1))
$(BUILD)/unit/$(1): tests/unit/$(1).c $$(unit_libs_$(1):%=$(BUILD)/lib/lib%.a) Makefile
	@mkdir -p $$(@D)
	@$(if $(V)$(QUIET),,echo '  TEST  $$@')
	$(Q)$(CC) $$(CFLAGS_ALL) $$(foreach f,base $$(unit_libs_$(1)),$$(call cflags_of,$$(f))) -MMD -MP $$(LDFLAGS_ALL) \
	    -o $$@ $$< $$(unit_libs_$(1):%=$(BUILD)/lib/lib%.a) $$(call ldlibs_of,$$(unit_libs_$(1))) -lcmocka
endef
$(foreach t,$(UNIT_SOURCES:tests/unit/%.c=%),$(eval $(call unit_rules,$(t))))

unit-tests: $(UNIT_TESTS)

check-unit: $(UNIT_TESTS) $(PROGRAMS:%=$(BUILD)/bin/%)
	@failed=; for t in $(UNIT_TESTS); do \
	    ZAPISY_BIN=$(BUILD)/bin $$t || failed="$$failed $$(basename $$t)"; \
	done; \
	if [ -n "$$failed" ]; then echo "unit tests failed:$$failed" >&2; exit 1; fi

# Damaged documents of each format through the reader: the seeds are the forms and mails of the tests.
FUZZ_FORMATS := docx doc rtf odt ods xlsx html txt pdf eml zip msg
FUZZ_COUNT ?= 1500
FUZZ_SEED ?= 2012
fuzz_files = $(if $(filter eml,$(1)),samples/mails/*.eml,$(wildcard tests/forms/*.$(1)) \
	$(if $(filter odt ods xlsx pdf zip msg,$(1)),$(BUILD)/fuzz/seeds/*.$(1)))
fuzz_libs := page read form core base
$(BUILD)/fuzz/mutate: tests/fuzz/mutate.c $(fuzz_libs:%=$(BUILD)/lib/lib%.a) Makefile
	@mkdir -p $(@D)
	@$(if $(V)$(QUIET),,echo '  FUZZ  $@')
	$(Q)$(CC) $(CFLAGS_ALL) $(foreach f,$(fuzz_libs),$(call cflags_of,$(f))) -MMD -MP $(LDFLAGS_ALL) \
	    -o $@ $< $(fuzz_libs:%=$(BUILD)/lib/lib%.a) $(call ldlibs_of,$(fuzz_libs)) -lcmocka

$(BUILD)/fuzz/seeds/made: tests/forms/more.py tests/forms/pages.py tests/fuzz/seeds.py $(wildcard tests/e2e/harness/*.py)
	@rm -rf $(@D)
	$(Q)$(PYTHON) tests/forms/more.py $(@D)
	$(Q)$(PYTHON) tests/forms/pages.py $(@D)
	$(Q)$(PYTHON) tests/fuzz/seeds.py $(@D)
	@touch $@

fuzzer: $(BUILD)/fuzz/mutate $(BUILD)/fuzz/seeds/made

$(FUZZ_FORMATS:%=check-fuzz-%): check-fuzz-%: $(BUILD)/fuzz/mutate $(BUILD)/fuzz/seeds/made
	$(Q)$< -n $(FUZZ_COUNT) -s $(FUZZ_SEED) form.$* $(call fuzz_files,$*)

check-fuzz: $(FUZZ_FORMATS:%=check-fuzz-%)

# The sanitizer is told to remember less: what it keeps by default costs these many short programs a tenth of their time.
ASAN_OPTIONS ?= malloc_context_size=5:quarantine_size_mb=16
check-e2e: $(PROGRAMS:%=$(BUILD)/bin/%)
	ASAN_OPTIONS=$(ASAN_OPTIONS) ZAPISY_BIN=$(abspath $(BUILD))/bin $(PYTHON) -m pytest -q -n $(WORKERS) --dist loadfile -p no:cacheprovider tests/e2e

# The rules and the reading of forms are pure: they ask nobody for files, sockets, the time or the environment.
IMPURE := open open64 openat socket connect time gettimeofday clock_gettime getenv fopen fopen64 read write sqlite3_open
check-pure: $(BUILD)/lib/libcore.a $(BUILD)/lib/libform.a
	@bad=$$(nm -u $^ | awk '$$1 == "U" {print $$2}' | sort -u | grep -xE "$$(echo $(IMPURE) | tr ' ' '|')" || true); \
	if [ -n "$$bad" ]; then echo "src/core and src/form reach outside: $$bad" >&2; exit 1; fi

check:
	$(MAKE) --no-print-directory deps
	$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/check SAN=1 WERROR=1 all unit-tests fuzzer
	$(MAKE) --no-print-directory BUILD=$(BUILD)/check SAN=1 WERROR=1 check-pure check-unit check-e2e
	$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/check SAN=1 WERROR=1 check-fuzz

# Other IMAP servers than Dovecot: Cyrus and Courier.
SERVERS := $(BUILD)/servers
$(SERVERS)/.fetched: Makefile
	@mkdir -p $(SERVERS)
	cd $(SERVERS) && rm -f *.deb && apt-get download -q $(PACKAGES_SERVERS)
	@touch $@

check-servers:
	$(MAKE) --no-print-directory deps
	$(MAKE) --no-print-directory $(SERVERS)/.fetched
	$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/check SAN=1 WERROR=1 all
	ZAPISY_BIN=$(abspath $(BUILD))/check/bin ZAPISY_SERVER_PACKAGES=$(abspath $(SERVERS)) \
	    $(PYTHON) -m pytest -q -p no:cacheprovider tests/servers

check-format:
	clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')

# ---- Watching and measuring
demo:
	@$(MAKE) --no-print-directory deps
	@echo 'Building (a minute or two the first time) ...'; $(MAKE) --no-print-directory -s -j$(JOBS) QUIET=1 all
	@ZAPISY_BIN=$(abspath $(BUILD))/bin $(PYTHON) tests/e2e/demo.py

# V=1 names every field that is not right.
forms:
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory -s -j$(JOBS) QUIET=1 V= all
	@ZAPISY_BIN=$(abspath $(BUILD))/bin $(PYTHON) tests/forms/table.py $(if $(V),-v) $(FORMS)

bench:
	$(MAKE) --no-print-directory deps
	$(MAKE) --no-print-directory -j$(JOBS) all
	ZAPISY_BIN=$(abspath $(BUILD))/bin $(PYTHON) tests/bench/bench.py

# ---- Installing
packages:
	@printf '%s\n' $(PACKAGES)

deps:
	@missing=; for p in $(PACKAGES); do \
	    dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || missing="$$missing $$p"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	echo "Installing:$$missing"; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
	    -o DPkg::Lock::Timeout=300 $$missing

install: all
	$(MAKE) --no-print-directory install-files

# What install does when all is built.
install-files:
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/zapisyd \
	    $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSUSERSDIR) $(DESTDIR)$(PREFIX)/share/man/man8 \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(SYSCONFDIR)/zapisyd
	install -m 755 $(BUILD)/bin/zapisyd $(DESTDIR)$(PREFIX)/sbin/
	install -m 755 $(BUILD)/bin/zapisyctl $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(HELPERS:%=$(BUILD)/bin/%) $(DESTDIR)$(PREFIX)/libexec/zapisyd/
	sed 's,@PREFIX@,$(PREFIX),g; s,@SYSCONFDIR@,$(SYSCONFDIR),g' systemd/zapisyd.service.in \
	    > $(DESTDIR)$(UNITDIR)/zapisyd.service
	install -m 644 systemd/zapisyd.sysusers $(DESTDIR)$(SYSUSERSDIR)/zapisyd.conf
	install -m 644 src/man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8/
	install -m 644 src/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 src/man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	cd conf && find . -type f | while read -r f; do \
	    to="$(DESTDIR)$(SYSCONFDIR)/zapisyd/$$f"; \
	    if [ -e "$$to" ]; then echo "kept: $$to"; else install -D -m 644 "$$f" "$$to"; fi; \
	done

clean:
	rm -rf $(BUILD)

-include $(wildcard $(BUILD)/obj/*/*.d $(BUILD)/unit/*.d $(BUILD)/fuzz/*.d)
