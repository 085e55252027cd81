package qtickets

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// benchPage is a page of 50 invented orders with two tickets each, without anything to scrub.
func benchPage() []byte {
	rows := make([]string, 50)
	for i := range rows {
		rows[i] = orderJSON(5000001+i, basketJSON(60000001+2*i), basketJSON(60000002+2*i))
	}
	quiet := strings.NewReplacer("for canary.utm@example.test", "banner", "canary%40example.test +7 (000) 000-00-88", "tickets")
	return []byte(quiet.Replace(listJSON(rows...)))
}

func benchEvents() []byte { return []byte(listJSON(schemeEvent(2000), schemeEvent(2000))) }

func benchFloor(b *testing.B, text []byte, options ...jsontext.Options) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if !jsontext.Value(text).IsValid(options...) {
			b.Fatal("not valid")
		}
	}
}

// The floors only prove that a text is JSON: nothing that reads it can be faster. Decoding should
// stay within three times of them.
func BenchmarkFloorValidOrders(b *testing.B) { benchFloor(b, benchPage()) }

func BenchmarkFloorValidEvents(b *testing.B) {
	benchFloor(b, benchEvents(), jsontext.AllowDuplicateNames(true)) // as newDecoder reads events
}

func BenchmarkDecodeOrders(b *testing.B) {
	text := benchPage()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		page, err := decodePage[Order](newDecoder(bytes.NewReader(text), "orders"), "orders", false)
		if err != nil || len(page.Rows) != 50 {
			b.Fatal(err, page.Bad)
		}
	}
}

func BenchmarkDecodeEvents(b *testing.B) {
	text := benchEvents()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		page, err := decodePage[Event](newDecoder(bytes.NewReader(text), "events"), "events", false)
		if err != nil || len(page.Rows) != 2 {
			b.Fatal(err, page.Bad)
		}
	}
}

func BenchmarkCanonicalJSON(b *testing.B) {
	page, err := decodeOrders(string(benchPage()))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(page.Rows[0].CanonicalJSON()) == 0 {
			b.Fatal("empty")
		}
	}
}
