package simulator

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAppendMomentAgreesWithTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Int64Range(-62000000000, 250000000000).Draw(t, "moment")
		offset := rapid.Int64Range(-12, 14).Draw(t, "hours")*hour + rapid.SampledFrom([]int64{0, 30 * minute}).Draw(t, "half")
		if moment == 0 {
			return
		}
		want := time.Unix(moment, 0).In(time.FixedZone("", int(offset))).Format(`"2006-01-02T15:04:05-07:00"`)
		if got := string(appendMoment(nil, moment, offset)); got != want {
			t.Fatalf("moment %d at offset %d: got %s, want %s", moment, offset, got, want)
		}
	})
	if got := string(appendMoment(nil, 0, moscowOffset)); got != "null" {
		t.Fatalf("no moment: got %s, want null", got)
	}
}

func TestAppendMoney(t *testing.T) {
	t.Parallel()
	for kopecks, want := range map[int64]string{
		0: "0", 90000: "900", 90050: "900.5", 90005: "900.05", 5: "0.05", 50: "0.5", -150: "-1.5",
		123456789012: "1234567890.12",
	} {
		if got := string(appendMoney(nil, kopecks)); got != want {
			t.Errorf("%d kopecks: got %s, want %s", kopecks, got, want)
		}
	}
}

func TestPHPStrings(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a/b": `"https:\/\/a\/b"`,
		"Имя":         `"\u0418\u043c\u044f"`,
		"a\"b\\c":     `"a\"b\\c"`,
		"\r\n\t\x01":  `"\r\n\t\u0001"`,
		"😀":           `"\ud83d\ude00"`,
		"":            `""`,
	} {
		if got := string(appendPHPString(nil, in)); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "in")
		var back string
		text := appendPHPString(nil, in)
		if err := json.Unmarshal(text, &back); err != nil || back != in {
			t.Fatalf("%q written as %s reads %q, %v", in, text, back, err)
		}
		for _, b := range text {
			if b >= 0x80 {
				t.Fatalf("%q written as %s: not ASCII", in, text)
			}
		}
	})
}

func TestTreeKeepsWhatItRead(t *testing.T) {
	t.Parallel()
	const text = `{"b":[1,2.50,-3e5,null,true,"\u0418\/"],"a":{"z":"","y":[]},"e":[]}`
	n, err := parseTree([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(n.appendTo(nil)); got != text {
		t.Errorf("got %s, want %s", got, text)
	}
	if got := string(n.project([]string{"a.z", "e", "nothing"}).appendTo(nil)); got != `{"a":{"z":""},"e":[]}` {
		t.Errorf("projected: %s", got)
	}
	for _, broken := range []string{``, `{`, `{"a":}`, `[1] 2`, `{"a" 1}`} {
		if _, err := parseTree([]byte(broken)); err == nil {
			t.Errorf("%q was read without an error", broken)
		}
	}
}
