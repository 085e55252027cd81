package qtickets

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"dashboard-mvp/integrations/qtickets_api/internal/corpus"
)

// readOne reads one value as the member "name" of a row and reports why it is invalid.
func readOne[T any](t *testing.T, value string, read func(*reader) T) (got T, bad string) {
	t.Helper()
	r := reader{dec: newDecoder(strings.NewReader(`{"name":` + value + `,"next":1}`))}
	var next int64
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) == "name" {
			got = read(&r)
		} else {
			next = r.integer().Value
		}
	}
	if err := r.end(); err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	if next != 1 {
		t.Fatalf("%s: the member after it was lost", value)
	}
	return got, r.invalid
}

type scalarCase[T any] struct {
	json string
	want Opt[T]
	bad  string // "" when the value is fine
}

func checkScalars[T comparable](t *testing.T, read func(*reader) Opt[T], cases []scalarCase[T]) {
	t.Helper()
	for _, nothing := range []string{`null`, `""`, `[]`, `{}`, `[ ]`} {
		cases = append(cases, scalarCase[T]{json: nothing})
	}
	for _, c := range cases {
		got, bad := readOne(t, c.json, read)
		if bad != c.bad || got != c.want {
			t.Errorf("%s: got %+v, complaint %q; want %+v, %q", c.json, got, bad, c.want, c.bad)
		}
	}
}

func TestIntegers(t *testing.T) {
	t.Parallel()
	checkScalars(t, (*reader).integer, []scalarCase[int64]{
		{json: `120`, want: Some[int64](120)},
		{json: `"120"`, want: Some[int64](120)},
		{json: `0`, want: Some[int64](0)},
		{json: `-7`, want: Some[int64](-7)},
		{json: `120.0`, want: Some[int64](120)},
		{json: `1.5`, bad: `.name: cannot read "1.5" as an integer`},
		{json: `"canary.buyer@example.test"`, bad: `.name: cannot read a text of 25 characters as an integer`},
		{json: `"many"`, bad: `.name: cannot read a text of 4 characters as an integer`},
		{json: `true`, bad: `.name: cannot read "true" as an integer`},
		{json: `[1]`, bad: `.name: cannot read a collection as a single value`},
		{json: `{"a":{"b":[1]}}`, bad: `.name: cannot read a collection as a single value`},
		{json: `9223372036854775808`, bad: `.name: cannot read a text of 19 characters as an integer`},
	})
}

func TestBooleans(t *testing.T) {
	t.Parallel()
	checkScalars(t, (*reader).boolean, []scalarCase[bool]{
		{json: `true`, want: Some(true)}, {json: `1`, want: Some(true)}, {json: `"1"`, want: Some(true)},
		{json: `false`, want: Some(false)}, {json: `0`, want: Some(false)}, {json: `"0"`, want: Some(false)},
		{json: `2`, bad: `.name: cannot read the value as yes or no`},
		{json: `"secret"`, bad: `.name: cannot read the value as yes or no`},
	})
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	checkScalars(t, (*reader).money, []scalarCase[Money]{
		{json: `900`, want: Some[Money](90000)},
		{json: `"1000.00"`, want: Some[Money](100000)},
		{json: `0`, want: Some[Money](0)},
		{json: `64.32`, want: Some[Money](6432)},
		{json: `1e3`, want: Some[Money](100000)},
		{json: `0.001`, bad: `.name: cannot read "0.001" as money`},
		{json: `"abc"`, bad: `.name: cannot read a text of 3 characters as money`},
		{json: `"1234567890123456789012345"`, bad: `.name: cannot read a text of 25 characters as money`},
		{json: `true`, bad: `.name: cannot read "true" as money`},
	})
}

func TestInstants(t *testing.T) {
	t.Parallel()
	checkScalars(t, (*reader).instant, []scalarCase[time.Time]{
		{json: `"2030-05-01T00:30:00+03:00"`, want: Some(time.Date(2030, 4, 30, 21, 30, 0, 0, time.UTC))},
		{json: `"2030-05-01T00:30:00Z"`, want: Some(time.Date(2030, 5, 1, 0, 30, 0, 0, time.UTC))},
		{json: `"2030-05-01T00:30:00+05:45"`, want: Some(time.Date(2030, 4, 30, 18, 45, 0, 0, time.UTC))},
		{json: `"2030-05-01T00:30:00"`, bad: `.name: cannot read "2030-05-01T00:30:00" as a time with an offset`},
		{json: `"2030-05-01 00:30:00"`, bad: `.name: cannot read "2030-05-01 00:30:00" as a time with an offset`},
		{json: `"-0001-11-30T00:00:00+02:30"`,
			bad: `.name: cannot read "-0001-11-30T00:00:00+02:30" as a time with an offset`},
		{json: `"9999-05-01T00:30:00Z"`, bad: `.name: cannot read "9999-05-01T00:30:00Z" as a time with an offset`},
		{json: `"1969-12-31T12:00:00Z"`, bad: `.name: cannot read "1969-12-31T12:00:00Z" as a time with an offset`},
		{json: `"2150-01-01T12:00:00Z"`, bad: `.name: cannot read "2150-01-01T12:00:00Z" as a time with an offset`},
		{json: `1893456000`, bad: `.name: cannot read a text of 10 characters as a time with an offset`},
	})
}

func TestTexts(t *testing.T) {
	t.Parallel()
	checkScalars(t, (*reader).text, []scalarCase[string]{
		{json: `"card"`, want: Some("card")},
		{json: `1234567`, want: Some("1234567")},
		{json: `"\u041f\u0430\/\"x"`, want: Some(`Па/"x`)},
		{json: `{"en":"Hall","ru":"\u0417\u0430\u043b"}`, want: Some("Зал")},
		{json: `{"ru":"","kk":"Zal","en":"Hall"}`, want: Some("Zal")},
		{json: `{"ru":null}`},
		{json: `{"ru":{"x":"secret"}}`, bad: `.name: cannot read a collection as text`},
		{json: `"a\ud83d b"`, want: Some("a\uFFFD b")},
		{json: "\"a\xff b\"", want: Some("a\uFFFD b")},
		{json: `["secret"]`, bad: `.name: cannot read a collection as a single value`},
		{json: `true`, bad: `.name: cannot read a boolean as text`},
	})
}

func TestLinkedIDs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`null`: "[]", `""`: "[]", `[]`: "[]", `"x"`: "[]", `[7,"8",{"id":9,"uniqid":"A"},{"id":"10"}]`: "[7 8 9 10]",
		`{"0":7,"2":{"id":8}}`: "[7 8]", `[null,"secret",{"name":"secret"},[1],{}]`: "[]",
	} {
		if got, bad := readOne(t, text, (*reader).ids); fmt.Sprint(got) != want || bad != "" {
			t.Errorf("%s: %v %s, want %s", text, got, bad, want)
		}
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Shape{
		`null`: 0, `""`: 0, `[]`: 0, `{}`: 0, `[{"a":1},[2],3]`: 3, `{"5":{"x":[]},"6":null}`: 2, `"x"`: 1, `7`: 1,
	} {
		if got, bad := readOne(t, text, (*reader).shape); got != want || bad != "" {
			t.Errorf("%s: %d %s, want %d", text, got, bad, want)
		}
	}
}

func TestUTM(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`[]`: "map[]", `""`: "map[]", `null`: "map[]", `{}`: "map[]", `["x"]`: "map[]", `"x"`: "map[]",
		`{"utm_source":"vk","utm_x":["a"],"utm_y":{"a":1},"utm_z":null,"utm_term":5}`: "map[utm_source:vk utm_term:5]",
		`{"utm_campaign":"11111111111"}`:                                              "map[utm_campaign:11111111111]",
		`{"utm_content":"a buyer@example.test b"}`:                                    "map[utm_content:a [email] b]",
		`{"utm_content":"buyer%40example.test","utm_term":"%2B70000000000"}`: "map[utm_content:[email] " +
			"utm_term:[phone]]",
		`{"utm_term":"\u0438\u043c\u044f@\u043f\u043e\u0447\u0442\u0430.\u0440\u0444"}`: "map[utm_term:[email]]",
		`{"utm_term":"+7 (000) 000-00-00!","utm_source":"+100500"}`: "map[utm_source:+100500 " +
			"utm_term:[phone]!]",
		`{"utm_term":"89160000000","utm_campaign":"a 79160000000","utm_source":"17916000000"}`: "map[utm_campaign:a [phone] utm_source:17916000000 utm_term:[phone]]",
		`{"utm_term":"4242424242424242","utm_campaign":"4242424242424241"}`:                    "map[utm_campaign:4242424242424241 utm_term:[card]]",
		`{"phone":"89160000000","utm_n":"Canaryname"}`:                                         "map[]",
		`{"utm_medium":"100%","utm_source":"@channel","utm_campaign":"a+b"}`: "map[utm_campaign:a+b " +
			"utm_medium:100% utm_source:@channel]",
	} {
		if got, bad := readOne(t, text, (*reader).utm); fmt.Sprint(map[string]string(got)) != want || bad != "" {
			t.Errorf("%s: %v %s, want %s", text, got, bad, want)
		}
	}
}

func TestOptOr(t *testing.T) {
	t.Parallel()
	if Some(5).Or(7) != 5 || (Opt[int]{}).Or(7) != 7 {
		t.Error("Or does not choose between the value and its substitute")
	}
}

// FuzzScalars feeds any JSON value to every scalar reader: none may panic, lose the position in the
// text, or repeat a string in its complaint.
func FuzzScalars(f *testing.F) {
	for _, seed := range []string{`null`, `""`, `"\ud83d"`, `[]`, `{}`, `[[],{"a":[]}]`, `{"ru":"x"}`, `1e3`,
		`"2030-05-01T00:30:00+03:00"`, `"a@b.cc"`, `true`} {
		f.Add([]byte(seed))
	}
	for _, kept := range corpus.Read(f, "FuzzScalars") {
		f.Add([]byte(kept[0]))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if !jsontext.Value(value).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
			return
		}
		text := string(value)
		readOne(t, text, (*reader).integer)
		readOne(t, text, (*reader).money)
		readOne(t, text, (*reader).instant)
		readOne(t, text, (*reader).utm)
		readOne(t, text, (*reader).ids)
		readOne(t, text, (*reader).shape)
		readOne(t, text, (*reader).text)
		if _, bad := readOne(t, text, (*reader).boolean); bad != "" &&
			len(bad) > len(".name: cannot read a collection as a single value") {
			t.Fatalf("complaint %q repeats the value", bad)
		}
	})
}
