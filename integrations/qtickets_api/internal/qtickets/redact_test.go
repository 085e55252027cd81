package qtickets

import (
	"fmt"
	"strings"
	"testing"
)

// Personal data in its usual spellings, and what hides it.
func TestFault3_6_PersonalDataIsRedacted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"8 (999) 111-22-02":                                   "[phone]",
		"8-999-111-22-02":                                     "[phone]",
		"7 999 111 22 02":                                     "[phone]",
		"8.999.111.22.02":                                     "[phone]",
		"8 999 1112202":                                       "[phone]",
		"8 999 11 12 202":                                     "[phone]",
		"8_999_111_22_02":                                     "[phone]",
		"+7(999)111-22-02":                                    "[phone]",
		"+7 999 111 – 22 – 02":                                "[phone]",
		"+375 29 111-22-33":                                   "[phone]",
		"(999) 111-22-08":                                     "[phone]",
		"(999)1112208":                                        "[phone]",
		"(4912) 11-22-33":                                     "[phone]",
		"8 (495) 111-22-33":                                   "[phone]",
		"8-495-111-22-33":                                     "[phone]",
		"8 495 1112233":                                       "[phone]",
		"999 111-22-02":                                       "[phone]",
		"89991112202":                                         "[phone]",
		"79991112202":                                         "[phone]",
		"%2B7%28999%291112202":                                "[phone]",
		"%2B7%28999%29+111-22-02":                             "[phone]",
		"8%20999%20111%2022%2002":                             "[phone]",
		"8+999+111+22+02":                                     "[phone]",
		"%25252B79991112202":                                  "[phone]",
		"&#43;79991112202":                                    "[phone]",
		"8/999/111-22-02":                                     "[phone]",
		`\u002b79991112202`:                                   "[phone]",
		`buyer\u0040example.test`:                             "[email]",
		"buyer%u0040example.test":                             "[email]",
		`buyer\u0026#64;example%u002etest`:                    "[email]",
		"８９９９１１１２２０２":                                         "[phone]",
		"8\u00a0999\u00a0111\u00a022\u00a002":                 "[phone]",
		"8\u2011999\u2011111\u201122\u201102":                 "[phone]",
		"8\u200b9991112202":                                   "[phone]",
		"звонить 8 (999) 111-22-02, Анна":                     "звонить [phone], Анна",
		"VIP 8-999-111-22-02 2 места":                         "VIP [phone] 2 места",
		"+375 29 111-22-33 2026-11-27":                        "[phone] 2026-11-27",
		"tel89991112202":                                      "tel[phone]",
		"8 999 111-22-02; 8 999 111-22-03":                    "[phone]; [phone]",
		"buyer@example.test":                                  "[email]",
		"buyer%40example.test":                                "[email]",
		"buyer%2540example.test":                              "[email]",
		"buyer%25252540example%252Etest":                      "[email]",
		"buyer&#64;example.test":                              "[email]",
		"buyer&#x40;example&period;test":                      "[email]",
		"buyer&amp;#64;example.test":                          "[email]",
		"buyer&commat;example.test":                           "[email]",
		"buyer＠example．test":                                  "[email]",
		"bu\u00adyer@exam\u200bple.test":                      "[email]",
		"имя@почта.рф":                                        "[email]",
		"for <buyer@example.test>!":                           "for <[email]>!",
		"4242 4242 4242 4242":                                 "[card]",
		"4242-4242-4242-4242":                                 "[card]",
		"4242424242424242":                                    "[card]",
		"4242%204242%204242%204242":                           "[card]",
		"card 2200000000000004 of Мир":                        "card [card] of Мир",
		"buyer@example.test 8 999 111 22 02 4242424242424242": "[email] [phone] [card]",
	} {
		if got := scrub(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// Ordinary texts stay as they came, in whatever spelling.
func TestFault3_6_OrdinaryTextsStay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "Партер", "Ряд 8 место 9", "Ряд 8, место 912", "12-5", "PARTERRE-8;999", "full_PARTERRE-1;6", "A1|8|912",
		"2026-11-27", "2026-11-27 10:00", "2026-11-27 2026-12-31", "27.11.2026-31.12.2026", "27.11.2026 19:00 8 ряд",
		"1000-2500", "8 000 - 12 000", "8 900 - 9 500 руб.", "от 900 до 1 500 000 руб.", "8 900 000 - 9 950 000",
		"1500–3000 ₽",
		"1999-2000-2010-2020", "2024/2025", "Сезон 1999-2000",
		"1234567890", "12345678901", "123456789012", "1234567890123", "9161234567", "23851234567890123", "cid_1234567890",
		"search|1234567890|12345678901", "yandex_118905213_4567891234", "4601234567893", "017291234567", "777000000001",
		"4242424242424241", "1234 5678 9012 3456", "+100500", "a+b", "yandex+1234567890", "100%", "50 % скидка", "R&B", "Q&A",
		"Tom &amp; Jerry", "%D0%9A%D0%BE%D0%BD%D1%86%D0%B5%D1%80%D1%82", "spring%20sale", "@channel", "see @channel now",
		"«Щелкунчик», №5", "Ёлка — 2027", "ＦＵＬＬ", "½ цены", "18:00–22:00", "0+", "12+", "utm|{keyword}|{ad_id}",
		"8-й ряд, 9-е место",
		"192.168.100.200", "v1.2.3-20261127", "https://example.test/a?b=1#c", "550e8400-e29b-41d4-a716-446655440000",
		"Зал (8) 999", "(2026) год", "ООО «Ромашка» 7707083893", `a\b`, `C:\users\u00zz`, `\ud83d\ude00`, "%u041A%u043E%u043D",
	} {
		if got := scrub(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// Every text that is kept goes through it, a key that stands for a text too.
func TestFault3_6_EveryFreeText(t *testing.T) {
	t.Parallel()
	const mail, phone = "canary.buyer%2540example.test", "8 (999) 111-22-02"
	clean := func(what, text string) {
		t.Helper()
		for _, trace := range []string{"canary", "111-22-02", "9991112202", "2540"} {
			if strings.Contains(text, trace) {
				t.Errorf("%s: %q survived in %s", what, trace, text)
			}
		}
	}
	order := orderJSON(5000001, basketJSON(1))
	for member, by := range map[string]string{
		`"payment_type_id":"card"`:  `"payment_type_id":"` + phone + `"`,
		`"utm_source":"vk"`:         `"utm_source":"` + mail + `"`,
		`"seat_id":"PARTERRE-1;2"`:  `"seat_id":"` + phone + `"`,
		`"seat_name":"\u041f\u0430`: `"seat_name":"` + mail + ` \u041f\u0430`,
		`"multiprice_code":null`:    `"multiprice_code":"` + phone + `"`,
		`"utm_term":"canary%40`:     `"utm_term":"%2B7%28999%291112202 canary%40`,
	} {
		order = with(t, order, member, by)
	}
	clean("order", string(orderOf(t, order).CanonicalJSON()))
	events, err := decodePage[Event](newDecoder(strings.NewReader(listJSON(`{"id":1,"name":{"ru":"`+mail+`"},"place_name":"`+
		phone+`","age":"`+mail+`","city":{"name":"`+phone+`","timezone":"`+mail+`"},"shows":[{"id":2,"name":"`+phone+`"}]}`))),
		"events", false)
	if err != nil || len(events.Rows) != 1 {
		t.Fatal(err, events.Invalid)
	}
	clean("event", fmt.Sprintf("%+v", events))
	codes, err := decodePage[PromoCode](newDecoder(strings.NewReader(listJSON(`{"id":1,"code":"`+phone+`"}`))), "x", false)
	if err != nil {
		t.Fatal(err)
	}
	clean("promo code", fmt.Sprintf("%+v", codes))
	discounts, err := decodePage[Discount](newDecoder(strings.NewReader(listJSON(`{"id":1,"name":"`+mail+`","type":"`+phone+
		`"}`))), "x", false)
	if err != nil {
		t.Fatal(err)
	}
	clean("discount", fmt.Sprintf("%+v", discounts))
	seats, err := decodeSeats(newDecoder(strings.NewReader(`{"data":{"`+phone+`":{"name":"`+mail+`","seats":{"`+phone+
		`":{"root_id":"`+mail+`"}}},"z":{"zone_id":"`+mail+`","seats":{"1;1":{"seat_id":"`+phone+`"}}},"`+phone+`-9":{"price":1}}}`)),
		80001)
	if err != nil || len(seats.Seats) != 3 {
		t.Fatal(err, seats)
	}
	clean("seats", fmt.Sprintf("%+v", seats))
}

// The time for a text grows with its length, not with its square: a page may be full of texts made to be slow.
func BenchmarkScrub(b *testing.B) {
	for name, piece := range map[string]string{"plain": "Партер, ряд 8 ", "numbers": "8 999 111 22 022 ",
		"pluses": "+7 9 ", "mails": "a@b", "encoded": "%25", "brackets": "(999)1", "digits": "9"} {
		text := strings.Repeat(piece, maxText/len(piece))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				scrub(text)
			}
		})
	}
}

// FuzzScrub: a phone number stays hidden whatever surrounds it, ordinary texts without digits and signs are not
// touched, and a second time changes nothing.
func FuzzScrub(f *testing.F) {
	for _, seed := range []string{"", "8 (999) 111-22-02", "x%2540y.zz", "&#64;", "%25%32%35", "１２", "Партер", "+7 9",
		"a@b.c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		if len(text) > maxText {
			return
		}
		once := scrub(text)
		if twice := scrub(once); twice != once {
			t.Fatalf("%q became %q and then %q", text, once, twice)
		}
		if !suspicious(text) && once != text {
			t.Fatalf("%q became %q", text, once)
		}
		for _, secret := range []string{"buyer@example.test", "+79991112202"} {
			if got := scrub(text + " " + secret + " " + text); strings.Contains(got, secret) {
				t.Fatalf("%q survived in %q", secret, got)
			}
		}
	})
}
