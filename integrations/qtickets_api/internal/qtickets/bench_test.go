package qtickets

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// benchPage is a page of 50 invented orders with two tickets each, without anything to redact.
func benchPage() []byte {
	rows := make([]string, 50)
	for i := range rows {
		rows[i] = orderJSON(5000001+i, basketJSON(60000001+2*i), basketJSON(60000002+2*i))
	}
	withoutCanaries := strings.NewReplacer("for canary.utm@example.test", "banner",
		"canary%40example.test +7 (000) 000-00-88", "tickets")
	return []byte(withoutCanaries.Replace(listJSON(rows...)))
}

func benchEvents() []byte { return []byte(listJSON(schemeEvent(2000), schemeEvent(2000))) }

// BenchmarkFloorValid only proves that a text is JSON: nothing that reads it can be faster.
func BenchmarkFloorValid(b *testing.B) {
	for name, text := range map[string][]byte{"orders": benchPage(), "events": benchEvents()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if !floorValid(text, name) {
					b.Fatal("not valid")
				}
			}
		})
	}
}

// floorValid proves what a validator would: bad bytes are looked for, and repeated names but in events, where the
// thousands of names of a hall scheme would be kept for it. The decoder does neither; the floor stays what it was, so
// that ratios can be compared over the years.
func floorValid(text []byte, path string) bool {
	return jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(path == "events"))
}

func BenchmarkDecodeOrders(b *testing.B) { benchDecode[Order](b, benchPage(), "orders", 50) }

func BenchmarkDecodeEvents(b *testing.B) { benchDecode[Event](b, benchEvents(), "events", 2) }

// benchDecode decodes a page and times its floor in between, so that the ratio of both (target: at most 3)
// holds on a busy machine too.
func benchDecode[T any, P listRow[T]](b *testing.B, text []byte, path string, rows int) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var floor time.Duration
	for b.Loop() {
		page, err := decodePage[T, P](newDecoder(bytes.NewBuffer(text)), path, false)
		if err != nil || len(page.Rows) != rows {
			b.Fatal(err, page.Invalid)
		}
		b.StopTimer()
		started := time.Now()
		if !floorValid(text, path) {
			b.Fatal("not valid")
		}
		floor += time.Since(started)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed())/float64(floor), "x-floor")
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
