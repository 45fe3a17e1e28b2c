/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a mail did not arrive, by meaning, and whether the server goes on trying. The numbers are of RFC 3463. All as
 * fold_key() leaves text (a test checks that). */
#include "core/bounce_words.h"

#include <stddef.h>

/* 5.1.1: nobody there by that name. */
const char *const bounce_words_unknown[] = { "user unknown", "unknown user", "unknown local user",
        "unknown local part", "no such user", "no such person", "no such recipient", "no such mailbox",
        "no such account", "no such address", "no such local user", "unknown recipient", "recipient unknown",
        "unknown address", "user not found", "recipient not found", "recipient address not found",
        "mailbox not found", "address not found", "account not found", "was not found", "could not be found",
        "couldn t be found", "wasn t found", "not found at", "no mailbox here by that name",
        "no mailbox by that name", "no mailbox", "mailbox does not exist", "user does not exist",
        "account does not exist", "does not exist", "doesn t exist", "not exist", "invalid recipient",
        "invalid mailbox", "invalid address", "invalid user", "invalid final delivery userid",
        "bad destination mailbox address", "bad recipient", "mailbox unavailable", "mailbox not available",
        "mailbox is unavailable", "addressee unknown", "recipient address rejected", "recipient rejected",
        "address rejected", "recipient name is not recognized", "not recognized", "unrecognized recipient",
        "doesn t have a", "not a valid user", "not a valid mailbox", "not a known user",
        "not a valid recipient", "unknown or illegal alias", "not listed in",
        "not listed in domino directory", "not listed in public name address book", "not our customer",
        "does not have a final email delivery point", "no matches to nameserver query",
        "unable to find recipient", "user is unknown", "nie istnieje", "nieznany uzytkownik",
        "uzytkownik nieznany", "nieznany adresat", "nieznany odbiorca", "nieznany adres", "brak uzytkownika",
        "brak takiego uzytkownika", "brak takiej skrzynki", "nie ma takiego uzytkownika",
        "nie ma takiej skrzynki", "nie ma takiego konta", "nie znaleziono adresu",
        "nie znaleziono uzytkownika", "nie znaleziono skrzynki", "nie mozna odnalezc", "nieprawidlowy adres",
        "unbekannter empfanger", "empfanger unbekannt", "benutzer unbekannt", "unbekannte adresse",
        "existiert nicht", "nicht gefunden", "nicht bekannt", "utilisateur inconnu", "destinataire inconnu",
        "adresse introuvable", "n existe pas", "inconnu a cette adresse", "usuario desconocido",
        "destinatario desconocido", "no existe", "no se encontro", "utente sconosciuto",
        "destinatario sconosciuto", "non esiste", "onbekende gebruiker", "gebruiker onbekend", "bestaat niet",
        "niet gevonden", "nao existe", "usuario desconhecido", "пользователь не наиден", "не существует",
        "нет такого", "адрес не наиден", "неизвестныи пользователь", "non existent", "nonexistent",
        "not a valid user here", "user not known", "could not find a gateway", "did not exactly match",
        "not a valid address", "wrong or no longer valid", "email address is wrong", "no such email",
        "no matching", "ya no existe", "nie figuruje", "nie jest znany", "invalid recipients",
        "incorrect address", NULL };

/* 5.2.1: there is a mailbox, but it takes no mail any more. */
const char *const bounce_words_disabled[] = { "account disabled", "account has been disabled",
        "account is disabled", "mailbox disabled", "mailbox is disabled", "user disabled",
        "has been disabled", "is disabled", "disabled or discontinued", "account has been suspended",
        "account is suspended", "account suspended", "account is inactive", "account inactive",
        "mailbox inactive", "inactive user", "inactive account", "user is inactive", "account has expired",
        "not active", "account is not active", "deactivated", "has been deactivated", "account closed",
        "account has been closed", "account is locked", "no longer active", "no longer available",
        "no longer accepts", "no longer in use", "no longer valid", "no longer on server",
        "has been discontinued", "account that you tried to reach is disabled", "has not been collected",
        "konto zablokowane", "konto jest zablokowane", "konto nieaktywne", "konto jest nieaktywne",
        "konto zostalo zablokowane", "skrzynka zablokowana", "skrzynka jest zablokowana",
        "skrzynka nieaktywna", "konto wygaslo", "gesperrt", "deaktiviert", "desactive",
        "cuenta deshabilitada", "не активен", "заблокирован", "ha expirado por falta de uso", "has expired",
        "expired account", "no longer a valid", "service currently unavailable", "unavailable at this time",
        "konto wylaczone", NULL };

/* 5.2.2: the mailbox is full. */
const char *const bounce_words_full[] = { "mailbox full", "mailbox is full", "mailbox is currently full",
        "mail box full", "mailbox has exceeded", "full mailbox", "inbox full", "inbox is full", "over quota",
        "overquota", "quota exceeded", "quota exceed", "exceeded quota", "exceeded his",
        "exceeded their quota", "exceeded the quota", "exceeds quota", "exceed the quota", "over disk quota",
        "disk quota", "disk quota exceeded", "out of quota", "quota violation", "storage quota",
        "storage limit", "exceeded storage", "exceeded storage allocation", "exceeded its storage",
        "mailbox size limit", "mailbox size", "maximum mailbox size", "insufficient system storage",
        "insufficient disk space", "not enough space", "not enough storage", "not enough disk",
        "space not enough", "no space left", "out of storage", "out of disk space", "would exceed",
        "too many messages", "mailbox quota", "mail quota", "skrzynka jest pelna",
        "skrzynka odbiorcy jest pelna", "skrzynka pocztowa jest pelna", "skrzynka odbiorcza jest pelna",
        "skrzynka odbiorcza adresata jest pelna", "skrzynka pelna", "pelna skrzynka", "skrzynka przepelniona",
        "skrzynka jest przepelniona", "przepelniona skrzynka", "przepelnienie skrzynki", "przekroczony limit",
        "przekroczono limit", "przekroczyla limit", "przekroczyl limit", "przekroczona pojemnosc",
        "brak miejsca", "postfach voll", "postfach ist voll", "postfach des empfangers ist voll",
        "speicherplatz", "kontingent", "boite pleine", "boite aux lettres pleine",
        "boite aux lettres est pleine", "quota depasse", "depasse son quota", "buzon lleno",
        "buzon esta lleno", "cuota", "casella piena", "casella e piena", "postvak vol", "postvak is vol",
        "caixa cheia", "caixa de entrada cheia", "ящик переполнен", "переполнен", "превышена квота",
        "mailfolder is full", "folder is full", "exceeds allowed size", "mailbox exceeds",
        "quota usage exceeded", "quota", "agotado", "mailbox space", "no more space", "pojemnosc skrzynki",
        NULL };

/* 5.3.4: the mail was too large. */
const char *const bounce_words_large[] = { "message too large", "message size exceeds", "message size exceed",
        "message file too big", "message exceeds", "message length exceeds", "exceeds size limit",
        "exceeds maximum", "exceeded maximum incoming message size", "maximum incoming message size",
        "exceeds the maximum", "size limit exceeded", "message too big", "too large",
        "larger than the current system limit", "wiadomosc jest za duza", "wiadomosc jest zbyt duza",
        "przekracza maksymalny rozmiar", "nachricht ist zu gross", NULL };

/* 5.1.2: no such mail server. */
const char *const bounce_words_host[] = { "host unknown", "unknown host", "host not found",
        "host or domain name not found", "domain not found", "domain name not found", "domain does not exist",
        "unknown domain", "unrouteable mail domain", "unrouteable address", "unroutable address",
        "no such domain", "no such host", "name service error", "couldn t find any host",
        "could not find any host", "cannot find any host", "couldn t find a mail exchanger",
        "bad destination system address", "illegal host", "invalid domain", "no mx", "no valid host",
        "no route to", "name server", "hostname lookup failed", "could not resolve", "couldn t be resolved",
        "dns error", "dns lookup failed", "nie znaleziono domeny", "nieznana domena", "domena nie istnieje",
        "nie znaleziono serwera", "domain nicht gefunden", "domaine inconnu", "dominio desconocido", NULL };

/* 5.4.6: it goes round and round. */
const char *const bounce_words_loop[] = { "too many hops", "mail loop", "mail loops", "routing loop",
        "loop detected", "hop count exceeded", "message is looping", "loops back to myself",
        "message looping", NULL };

/* 4.4.7: no connection, or not in time; a later letter may come through. */
const char *const bounce_words_slow[] = { "connection timed out", "connection timeout", "connection refused",
        "connection reset", "connection dropped", "connection lost", "lost connection", "timed out",
        "operation timed out", "establish an smtp connection", "could not connect", "couldn t connect",
        "unable to connect", "cannot connect", "network is unreachable", "network unreachable",
        "not reachable", "no answer from host", "no response from", "host is unreachable",
        "unreachable for too long", "delivery time expired", "delivery timed out", "retry timeout",
        "retry time not reached", "retry timeout exceeded", "message expired", "message timed out",
        "has been in the queue too long", "in the queue too long", "too long in queue",
        "exceeded maximum delivery attempts", "maximum retries", "delivery failed attempts", "queue period",
        "allowed queue period", "temporary failure", "temporarily unavailable", "temporarily deferred",
        "temporarily rejected", "try again later", "try later", "greylisted", "greylisting", "too busy",
        "resources temporarily unavailable", "not accepting connections", "deferred", "was not collected",
        "has not been delivered for", "przekroczono czas", "uplynal limit czasu", "limit czasu",
        "polaczenie odrzucone", "brak odpowiedzi serwera", "nie mozna polaczyc", "zeituberschreitung",
        "delai depasse", "tiempo de espera", "превышено время", NULL };

/* 5.7.1: not wanted there. */
const char *const bounce_words_refused[] = { "relaying denied", "relay access denied", "relay not permitted",
        "relaying not allowed", "relay denied", "unable to relay", "we do not relay", "not a relay",
        "access denied", "not authorized", "not authorised", "unauthorized", "not permitted", "not allowed",
        "administrative prohibition", "administratively prohibited", "policy violation", "policy reasons",
        "rejected for policy", "against policy", "message refused", "mail refused", "sender denied",
        "sender rejected", "sender address rejected", "sender is not allowed", "is on a blacklist",
        "blacklist", "blacklisted", "black list", "blocklist", "blocked using", "blocked by", "blocked for",
        "has been blocked", "was blocked", "message blocked", "dnsbl", "spam", "considered spam",
        "looks like spam", "message content rejected", "content rejected", "content blocked", "virus",
        "infected", "not accepting mail from", "does not accept mail from", "refused by", "mail rejected",
        "message was rejected", "dmarc", "spf", "odrzucona", "odrzucony", "zablokowana", "nie przyjmuje",
        "abgelehnt", "refuse", "rechazado", "rifiutato", "отклонено", "отклонен", NULL };

/* Not given up. */
const char *const bounce_words_delay[] = { "will keep trying", "will continue to try", "will continue trying",
        "will be retried", "will retry", "still being retried", "has been delayed", "is delayed",
        "been delayed", "message delayed", "delivery is delayed", "delivery delayed", "delayed mail",
        "not yet been delivered", "not been delivered yet", "not yet delivered",
        "delivery attempts will continue", "attempts will continue",
        "attempts to deliver the message will continue", "no action is required on your part",
        "you do not need to resend", "do not need to resend", "warning message only",
        "this is a warning only", "warning only", "awaiting delivery", "has been postponed",
        "delivery incomplete", "temporary problem delivering your message", "will try again",
        "try to deliver", "continue to attempt", "continue attempting", "could not be delivered yet",
        "could not send message for past", "delivery status notification delay", "mail delivery delayed",
        "bedzie ponawiac", "beda ponawiane", "ponowi probe", "proby dostarczenia beda", "kolejne proby",
        "nie zostala jeszcze dostarczona", "jeszcze nie zostala dostarczona", "dostarczenie opoznione",
        "zostala opozniona", "jest opozniona", "opoznienie w dostarczeniu", "opoznione dostarczenie",
        "nie ma potrzeby ponownego", "verzogert", "weiterhin versucht", "noch nicht zugestellt",
        "zustellversuche", "wird weiter versucht", "n a pas encore ete", "retarde", "nouvelles tentatives",
        "se seguira intentando", "retrasado", "ha sido retrasada", "vertraagd", "nog niet bezorgd",
        "ritardata", "verra riprovato", "atrasada", "задержано", "еще не доставлено", "будут продолжены",
        NULL };

/* Given up, whatever else it says. */
const char *const bounce_words_final[] = { "giving up", "given up", "gave up", "not going to try again",
        "will not try again", "will not be retried", "will not try to redeliver", "no further attempts",
        "no more attempts", "no longer be retried", "could not be delivered for", "failed permanently",
        "permanent error", "permanent failure", "permanent fatal errors", "permanently failed",
        "zaprzestano prob", "nie bedzie ponawiac", "keine weiteren zustellversuche", "endgultig", "abandonne",
        NULL };
