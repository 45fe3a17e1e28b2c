/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* Sections of a form: whose data is asked, and who the people are. */
#include "form_fixture.h"

#define JAN "name=Jan Kowalski; organisation=Gmina Lubin;"

static void expect(const char *text, const char *want)
{
        fixture_expect("f.docx", NULL, text, want);
}

static void test_invoice(void **state)
{
        (void)state;
        expect("I. DANE UCZESTNIKA\nImię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\n"
               "Telefon: 74 665 11 11 wew. 17\nE-mail: jan@lubin.pl\nII. DANE DO FAKTURY\n"
               "Nazwa instytucji: Gmina Wielka\nTelefon: 74 111 22 33\nE-mail: faktury@lubin.pl\n"
               "III. UWAGI I ZGODY\nUwagi: proszę o miejsce z przodu\n",
            "form: " JAN
            " phone=+48746651111;ext=17; email=jan@lubin.pl; remarks=proszę o miejsce z przodu;");
        expect(
            "|DANE UCZESTNIKA/UCZESTNICZKI|\n|Imię i nazwisko|Jan Kowalski\n|Nazwa organizacji|Gmina Lubin\n"
            "|E-mail|jan@lubin.pl\n|NABYWCA|\n|Nazwa instytucji|Gmina Wielka\n|ODBIORCA|\n"
            "|Nazwa instytucji|Szkoła nr 5\n|E-mail|szkola@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
        expect("Płatnik\nNazwa instytucji: Gmina Wielka\nE-mail: faktury@lubin.pl\nUczestnik\n"
               "Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nE-mail: jan@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
        expect("INVOICE DETAILS\nInstitution: Smith Ltd\nEmail: billing@smith.org\nPARTICIPANT DETAILS\n"
               "Full name: John Smith\nInstitution: Smith Trust\nEmail: john@smith.org\n",
            "form: name=John Smith; organisation=Smith Trust; email=john@smith.org;");
}

static void test_institution_first(void **state)
{
        (void)state;
        expect("|Dane instytucji zgłaszającej\n|Nazwa instytucji|Gmina Lubin\n|Telefon|77 433 00 00\n"
               "|E-mail|urzad@lubin.pl\n|Dane uczestnika szkolenia\n|Imię i nazwisko|Jan Kowalski\n"
               "|Telefon|601 234 567\n|E-mail|jan@lubin.pl\n",
            "form: " JAN " phone=+48601234567; email=jan@lubin.pl;");
        expect("|ZAKŁAD PRACY||\n|Nazwa organizacji|Gmina Lubin\n|Telefon|77 433 00 00\n|DANE UCZESTNIKA|\n"
               "|Imię i nazwisko|Jan Kowalski\n|E-mail|jan@lubin.pl\n",
            "form: " JAN " phone=+48774330000; email=jan@lubin.pl;");
        expect("|Dane instytucji||\n|Pełna nazwa|Gmina Lubin\n|Dane uczestnika||\n|Imię i nazwisko|Jan "
               "Kowalski\n"
               "|E-mail|jan@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
        expect("Uczestnik\nImię i nazwisko: Jan Kowalski\nTelefon: 600100200\nInstytucja\nNazwa organizacji: "
               "Gmina "
               "Lubin\nTelefon: 774330000\n",
            "form: " JAN " phone=+48600100200;");
        expect("Dane zakładu pracy:\nNazwa: Gmina Lubin\nDane uczestnika:\nImię i nazwisko: Jan Kowalski\n"
               "E-mail: jan@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
}

static void test_label_says_whose(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nE-mail rodzica: m@lis.pl\n",
            "form: " JAN " email?=m@lis.pl;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nTelefon do osoby upoważnionej: "
               "761112233\n"
               "Telefon: 600100200\n",
            "form: " JAN " phone=+48600100200;");
}

static void test_other_people(void **state)
{
        (void)state;
        expect("Dane instytucji\nNazwa organizacji: Gmina Lubin\nOsoba do kontaktu\nImię i nazwisko: Ewa "
               "Zielona\n"
               "Telefon: 74 865 75 10\nE-mail: ewa@lubin.pl\nDane uczestnika\nImię i nazwisko: Jan Kowalski\n"
               "Telefon: 600 700 800\nE-mail: jan@lubin.pl\n",
            "form: " JAN " phone=+48600700800; email=jan@lubin.pl;");
        expect("|Imię i nazwisko|Jan Kowalski\n|Instytucja|Gmina Lubin\n|Stanowisko|referent\n"
               "|Dyrektor/kierownik jednostki\n|Imię i nazwisko|Adam Prezes\n|Stanowisko|dyrektor\n"
               "|Telefon|76 111 22 33\n",
            "form: " JAN " position=referent; phone?=+48761112233;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nE-mail: jan@lubin.pl\n"
               "Asystent osoby niepełnosprawnej\nImię i nazwisko: Ola Pomoc\nE-mail: ola@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
        expect(
            "Imię i nazwisko uczestnika: Jan Kowalski\nInstytucja: Gmina Lubin\n"
            "Osoba do kontaktu: Ewa Nowak, tel. 76 111 22 33, e-mail: ewa@lubin.pl\nE-mail: jan@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
        expect(
            "`Dane uczestnika`\nImię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nStanowisko: uczeń\n"
            "`Dane opiekuna prawnego`\nImię i nazwisko: Marta Lis\nTelefon: 500 600 700\n",
            "form: " JAN " position=uczeń; phone?=+48500600700;");
}

static void test_who_sends_it(void **state)
{
        (void)state;
        expect("`Dane osoby zgłaszającej`\nImię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\n"
               "E-mail: jan@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
        expect(
            "`Dane osoby zgłaszającej`\nImię i nazwisko: Ewa Nowak\nE-mail: ewa@lubin.pl\n`Dane uczestnika`\n"
            "Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nE-mail: jan@lubin.pl\n",
            "form: " JAN " email=jan@lubin.pl;");
}

static void test_answers_like_headings(void **state)
{
        (void)state;
        expect("Imię i nazwisko:\nJan Kowalski\nInstytucja:\nGmina Lubin\nStanowisko:\nAsystent\nTelefon:\n"
               "600100200\n",
            "form: " JAN " position=Asystent; phone=+48600100200;");
        expect(
            "|Imię i nazwisko\n|Jan Kowalski\n|Instytucja\n|Gmina Lubin\n|Stanowisko\n|Dyrektor\n|Telefon\n"
            "|600100200\n",
            "form: " JAN " position=Dyrektor; phone=+48600100200;");
        expect("|Imię i nazwisko|Jan Kowalski\n|Instytucja|Gmina Lubin\n|Stanowisko|kierownik\n"
               "|Uwagi|Rodzic dziecka do lat 3\n|Telefon|600100200\n",
            "form: " JAN " position=kierownik; phone=+48600100200; remarks=Rodzic dziecka do lat 3;");
}

static void test_names_below_other_headings(void **state)
{
        (void)state;
        expect("Powiatowy Urząd Pracy\nul. Pszenna 2, tel. 68 479 13 50\nKarta zgłoszeniowa\n"
               "Imię i nazwisko: Jan Kowalski\nNazwa organizacji: Gmina Lubin\nTelefon: 600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("DANE INSTYTUCJI\nNazwa organizacji: Gmina Lubin\nTelefon: 774330000\n"
               "Imię i nazwisko uczestnika: Jan Kowalski\n",
            "form: " JAN " phone=+48774330000;");
        expect("ZGŁASZAJĄCY\nNazwa organizacji: Gmina Lubin\nTelefon: 774330000\nUCZESTNIK\n"
               "Imię i nazwisko: Jan Kowalski\nTelefon: 600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("Osoba do kontaktu\nImię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nE-mail: "
               "jan@lubin.pl\n",
            "form: name?=Jan Kowalski; organisation?=Gmina Lubin; email?=jan@lubin.pl;");
        expect("`1. Uczestnik szkolenia`\nImię i nazwisko: Jan Kowalski\n`2. Dane instytucji`\nNazwa: Gmina "
               "Lubin\n"
               "`3. Potrzeby`\nNocleg: tak\n",
            "form: " JAN " night=yes;");
}

#define ANSWERS "Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nTelefon: 600100200\n"

static void test_titles(void **state)
{
        (void)state;
        expect("Szkolenie „Opiekun osoby starszej”\n" ANSWERS, "form: " JAN " phone=+48600100200;");
        expect("KONFERENCJA DLA DYREKTORÓW SZKÓŁ\n" ANSWERS, "form: " JAN " phone=+48600100200;");
        expect("`Dla rodziców i opiekunów`\n" ANSWERS, "form: " JAN " phone=+48600100200;");
        expect("`Asystent rodziny`\n" ANSWERS, "form: " JAN " phone=+48600100200;");
        expect("|Zgłoszenie na szkolenie dla kierowników jednostek|\n|Imię i nazwisko|Jan Kowalski\n"
               "|Instytucja|Gmina Lubin\n|Telefon|600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nZnam regulamin organizatora:\n"
               "Telefon: 600100200\n",
            "form: " JAN " phone=+48600100200;");
}

static void test_side_by_side(void **state)
{
        (void)state;
        expect("|DANE UCZESTNIKA||DANE PRACODAWCY|\n|Imię i nazwisko|Jan Kowalski|Nazwa organizacji|Gmina "
               "Lubin\n"
               "|Telefon|600100200|Telefon|774330000\n|E-mail|jan@lubin.pl|E-mail|urzad@lubin.pl\n",
            "form: " JAN " phone=+48600100200; email=jan@lubin.pl;");
}

static void test_organiser(void **state)
{
        (void)state;
        expect("Centrum Szkoleń\ntel. (74) 665 11 11\ne-mail: biuro@centrum.pl\nFORMULARZ ZGŁOSZENIOWY\n"
               "Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nTelefon: 600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("Centrum Szkoleń\ntel. (74) 665 11 11\ne-mail: biuro@centrum.pl\nFORMULARZ ZGŁOSZENIOWY\n"
               "Imię i nazwisko: ........\nInstytucja: .......\nTelefon: ........\n",
            "blank:");
        expect("|Imię i nazwisko|\n|Instytucja|\n|Telefon|\n|E-mail|\nZgłoszenia prosimy przesyłać:\n"
               "e-mail: biuro@centrum.pl\ntel. 74 665 11 11\n",
            "blank:");
        expect(
            "Imię i nazwisko: ........\nInstytucja: .......\nTelefon: ........\nFormularz należy odesłać na "
            "adres: biuro@centrum.pl, fax (74) 665 11 11, do dnia 23.01.2012\n",
            "blank:");
        expect("|Imię i nazwisko|Jan Kowalski\n|Instytucja|Gmina "
               "Lubin\n|Stanowisko|wójt\n|Telefon|\nOrganizator:\n"
               "Centrum Szkoleń\nTelefon: 74 665 11 11\nE-mail: biuro@centrum.pl\n",
            "form: " JAN " position=wójt;");
        expect("|Imię i nazwisko|Jan Kowalski\n|Instytucja|Gmina Lubin\n|Stanowisko|wójt\n|Telefon|\n"
               "Osoba do kontaktu ze strony organizatora: Ewa Nowak\nTelefon: 74 665 11 11\n",
            "form: " JAN " position=wójt;");
}

static void test_blank(void **state)
{
        (void)state;
        expect("|Imię i nazwisko|Kliknij lub naciśnij tutaj, aby wprowadzić tekst.\n|Instytucja|[nazwa "
               "instytucji]\n"
               "|Telefon|Click or tap here to enter text.\n|E-mail|np. jan.kowalski@poczta.pl\n"
               "|Stanowisko|(wypełnić drukowanymi literami)\n",
            "blank:");
        expect("Imię i nazwisko: np. Jan Kowalski\nInstytucja: (pełna nazwa)\nTelefon: ___-___-___\n"
               "E-mail: ……………@……………\n",
            "blank:");
        expect("Imię i nazwisko: ......\nInstytucja: .....\nTelefon: .....\nWyrażam zgodę na przetwarzanie "
               "moich "
               "danych osobowych ☒ TAK ☐ NIE\n",
            "blank:");
        expect("Imię i nazwisko: ......\nInstytucja: .....\nSektor: JST\nTelefon: .....\n", "blank:");
}

static void test_numbered_people(void **state)
{
        (void)state;
        expect(
            "Nazwa organizacji: Gmina Lubin\nUczestnik 1\nImię i nazwisko: Jan Kowalski\nStanowisko: wójt\n"
            "E-mail: jan@lubin.pl\nUczestnik 2\nImię i nazwisko: Anna Nowak\nStanowisko: sekretarz\n"
            "E-mail: anna@lubin.pl\nUczestnik 3\nImię i nazwisko: ..........\nStanowisko: ........\n"
            "E-mail: .......\nWyrażam zgodę na przetwarzanie moich danych osobowych: tak\n",
            "form: " JAN " position=wójt; email=jan@lubin.pl; consent?=yes; // name=Anna Nowak; "
            "organisation=Gmina Lubin; position=sekretarz; email=anna@lubin.pl; consent?=yes;");
        expect("|Osoba nr 1|\n|Imię i nazwisko|Jan Kowalski\n|Telefon|600 100 200\n|Osoba nr 2|\n"
               "|Imię i nazwisko|Anna Nowak\n|Telefon|\n|Osoba nr 3|\n|Imię i nazwisko|\n|Telefon|\n"
               "|Instytucja|Gmina Lubin\n",
            "form: " JAN " phone=+48600100200; // name=Anna Nowak; organisation=Gmina Lubin;");
        expect("Instytucja: Gmina Lubin\nDane pierwszego uczestnika\nImię i nazwisko: Jan Kowalski\n"
               "Telefon: 600 100 200\nDane drugiego uczestnika\nImię i nazwisko: Anna Nowak\nTelefon: 600 "
               "100 201\n"
               "Dane do faktury:\nNazwa instytucji: Gmina Wielka\nTelefon: 600 100 202\n",
            "form: " JAN " phone=+48600100200; // name=Anna Nowak; organisation=Gmina Lubin; "
            "phone=+48600100201;");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_invoice),
                cmocka_unit_test(test_institution_first),
                cmocka_unit_test(test_label_says_whose),
                cmocka_unit_test(test_other_people),
                cmocka_unit_test(test_who_sends_it),
                cmocka_unit_test(test_answers_like_headings),
                cmocka_unit_test(test_names_below_other_headings),
                cmocka_unit_test(test_titles),
                cmocka_unit_test(test_side_by_side),
                cmocka_unit_test(test_organiser),
                cmocka_unit_test(test_blank),
                cmocka_unit_test(test_numbered_people),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
