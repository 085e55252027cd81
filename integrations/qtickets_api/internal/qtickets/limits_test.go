package qtickets

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// endless serves a gzipped response that begins as given and goes on with one piece for ever.
func endless(t *testing.T, begin, piece string) *Client {
	t.Helper()
	zipped := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, text)
		_ = z.Close()
		return b.Bytes()
	}
	first, next := zipped(begin), zipped(strings.Repeat(piece, 1+(64<<10)/len(piece)))
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		_, err := w.Write(first)
		for err == nil { // until the client hangs up
			_, err = w.Write(next)
		}
	})
	return c
}

// Whatever is endless in a response, reading stops at a limit, once, and the error names it.
func TestFault3_7_EndlessResponses(t *testing.T) {
	t.Parallel()
	const slack = 128 << 10 // buffers, and what is read to keep the connection
	for _, c := range []struct {
		name, begin, piece string
		most               int64
		says               string
	}{
		{"spaces", `{"data":[`, " ", 4 * maxToken, "4194304 bytes"},
		{"a skipped text", `{"data":[{"id":1,"custom":"`, "x", 4 * maxToken, "one value of more than 4194304 bytes"},
		{"a text that is read", `{"data":[{"id":1,"currency_id":"`, "x", 4 * maxToken, "one value"},
		{"a key", `{"data":[{"id":1,"`, "x", 4 * maxToken, "one value"},
		{"a number", `{"data":[{"id":1`, "1", 4 * maxToken, "one value"},
		{"skipped numbers", `{"data":[],"x":[1`, ",1", maxBytes, "67108864 bytes"},
		{"links", `{"data":[{"id":1,"baskets":[{"id":1,"related_baskets":[1]}`, `,{"id":1,"related_baskets":[1,2,3,4,5,6,7,8,9]}`, maxBytes,
			"more than 50000 rows"},
		{"refunds", `{"data":[{"id":1,"refunds":[1`, `,1`, maxBytes, "more than 50000 rows"},
		{"services", `{"data":[{"id":1,"baskets":[{"id":1,"services":[1`, `,1`, maxBytes, "67108864 bytes"},
		{"rows", `{"data":[{"id":1}`, `,{"id":1}`, maxBytes, "more than 50000 rows"},
		{"tickets", `{"data":[{"id":1,"baskets":[{"id":1}`, `,{"id":1}`, maxBytes, "67108864 bytes"},
		{"members", `{"data":[{"id":1`, `,"x":1`, maxBytes, "67108864 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := endless(t, c.begin, c.piece)
			page, err := client.Orders(t.Context(), Query{})
			if Class(err) != "too_large" || !strings.Contains(err.Error(), c.says) || len(page.Rows) != 0 ||
				client.Stats().Requests != 1 {
				t.Errorf("%v after %d requests, %d rows", err, client.Stats().Requests, len(page.Rows))
			}
			if n := client.Stats().Bytes; n > c.most+slack {
				t.Errorf("%d bytes were read, at most %d should be", n, c.most+slack)
			}
		})
	}
}

// Other paths have limits too, and so have responses that are errors.
func TestFault3_7_EveryPath(t *testing.T) {
	t.Parallel()
	const slack = 128 << 10
	client := endless(t, `{"data":{"Z":{"seats":{"1;1":{"seat_id":"`, "x")
	if _, err := client.Seats(t.Context(), 80001); Class(err) != "too_large" || client.Stats().Bytes > 4*maxToken+slack {
		t.Errorf("seats: %v after %d bytes", err, client.Stats().Bytes)
	}
	client = endless(t, `{"data":{"0":{"zone_id":[1]}`, `,"1":{"zone_id":[1]}`)
	if _, err := client.Seats(t.Context(), 80001); Class(err) != "too_large" || !strings.Contains(err.Error(), "500000") {
		t.Errorf("zones: %v after %d bytes", err, client.Stats().Bytes)
	}
	client = endless(t, `{"data":{"id":5,"baskets":"`, "x")
	if _, _, err := client.Order(t.Context(), 5); Class(err) != "too_large" || client.Stats().Bytes > 4*maxToken+slack {
		t.Errorf("one order: %v after %d bytes", err, client.Stats().Bytes)
	}
	client = endless(t, `<html>`, "x")
	_, err := client.Orders(t.Context(), Query{})
	if Class(err) != "base_url" || client.Stats().Bytes > mostPages*2*slack {
		t.Errorf("a web page: %v after %d bytes", err, client.Stats().Bytes)
	}
}

// One order of too many tickets, one event of too many shows, one text too long concern only themselves.
func TestFault3_7_RowsAreBounded(t *testing.T) {
	t.Parallel()
	many := strings.TrimSuffix(strings.Repeat(`{"id":1},`, maxBaskets+1), ",")
	if _, invalid := one(t, `{"id":5000002,"baskets":[`+many+`]}`); invalid == nil ||
		invalid.Reason != "orders[5000002].baskets: more than 10000 tickets" {
		t.Errorf("%+v", invalid)
	}
	shows := strings.TrimSuffix(strings.Repeat(`{"id":1},`, maxShows+1), ",")
	page, err := decodePage[Event](newDecoder(strings.NewReader(listJSON(`{"id":1,"shows":[`+shows+`]}`, `{"id":2}`))),
		"events", false)
	if err != nil || len(page.Rows) != 1 || len(page.Invalid) != 1 ||
		page.Invalid[0].Reason != "events[1].shows: more than 20000 shows" {
		t.Errorf("%v %d %v", err, len(page.Rows), page.Invalid)
	}
	long := strings.Repeat("x", maxText+1)
	o, invalid := one(t, with(t, orderJSON(5000002), `"payment_type_id":"card"`, `"payment_type_id":"`+long+`"`))
	if invalid != nil || o.PaymentTypeID.Valid || len(o.Unread) != 1 {
		t.Errorf("%+v", invalid)
	}
	_, invalid = one(t, with(t, orderJSON(5000002), `"currency_id":"RUB"`, `"currency_id":"`+strings.Repeat("R", 1<<20)+`"`))
	if invalid == nil || !strings.Contains(invalid.Reason, "currency_id: cannot read a text of 1048576 characters") {
		t.Errorf("%+v", invalid)
	}
}

// The largest real responses fit: a hall of 50 000 places in five tariffs.
func TestLargestHallFits(t *testing.T) {
	t.Parallel()
	seat := `"P-1;1":{"seat_id":"P-1;1","root_id":"P-1;1","admission":false,"disabled":false,"price":1000,"max_quantity":1,` +
		`"free_quantity":1,"ordered_quantity":0,"payed_quantity":0,"in_basket_quantity":0}`
	text := `{"data":{"P":{"seats":{` + strings.TrimSuffix(strings.Repeat(seat+",", 250_000), ",") + `}}}}`
	if int64(len(text)) > maxBytesOf("shows/1/seats") {
		t.Fatalf("%d bytes", len(text))
	}
	got, err := decodeSeats(newDecoder(strings.NewReader(text)), 80001)
	if err != nil || len(got.Seats) != 250_000 {
		t.Errorf("%v, %d seats", err, len(got.Seats))
	}
}

// What comes over the wire has a limit of its own: it may unzip to nothing for ever.
func TestFault3_7_EndlessNothing(t *testing.T) {
	t.Parallel()
	var empty bytes.Buffer
	z := gzip.NewWriter(&empty)
	z.Extra = make([]byte, 1<<16-1)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	block := empty.Bytes()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		for n := 0; n < 4*maxBytes; {
			written, err := w.Write(block)
			if n += written; err != nil {
				return
			}
		}
	})
	if _, err := c.Orders(Once(t.Context()), Query{}); Class(err) != "too_large" {
		t.Error(err)
	}
}
