package qtickets

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fail marks the current row invalid, with the path of the value just read; an optional value is noted instead.
func (r *reader) fail(reason string) {
	switch {
	case r.optional:
		r.unknown()
	case r.invalid == "" && r.err == nil:
		r.invalid = r.path(true) + ": " + reason
	}
}

// unknown notes that the value just read is not known.
func (r *reader) unknown() {
	if r.err == nil {
		r.note(strings.TrimPrefix(r.path(false), "."))
	}
}

func (r *reader) note(name string) {
	if !slices.Contains(r.unread, name) {
		r.unread = append(r.unread, name)
	}
}

// path is where the value just read stands in its row. A key that the program does not know may be anything, an e-mail
// even, and so may a long number, so neither is named.
func (r *reader) path(indices bool) string {
	var path strings.Builder
	skip := r.depth
	for token := range r.dec.StackPointer().Tokens() {
		if skip--; skip >= 0 {
			continue
		}
		switch _, err := strconv.ParseUint(token, 10, 16); {
		case memberNames[token]:
			path.WriteString("." + token)
		case !indices:
		case err == nil:
			path.WriteString("[" + token + "]")
		default:
			path.WriteString("[?]")
		}
	}
	return path.String()
}

// memberNames are those that are read. They may be named in reasons and in what an order lists as unread.
var memberNames = setOf(`id event_id site_id site host client_id payed reserved reserve_extended payment_type_id discount_id
	promo_code_id price original_price currency_id utm baskets refunds primary_orders secondary_orders created_at
	updated_at payed_at reserved_to deleted_at utm_source utm_medium utm_campaign utm_content utm_term show_id seat_id
	seat_name ticket_original_price discount_value ticket_amount service_fee_amount multiprice_code quantity
	related_baskets services refunded_amount refunded_deduction_amount checked_at refunded_at is_active name place_name
	age city timezone shows sale_start_date sale_finish_date open_date start_date finish_date min_price max_price
	default_price type active_from active_to code max_uses_count color seats zone_id root_id admission disabled
	max_quantity free_quantity ordered_quantity payed_quantity in_basket_quantity row place unread`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// quotable are short amounts, flags and timestamps. Anything else could be a name, a phone or a barcode
// in the wrong column.
var quotable = regexp.MustCompile(`^([-+]?(\d{1,7}|\d{1,5}[.,]\d\d?|\d{1,4}[.,]\d{3})|true|false|` +
	`-?\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[-+]\d\d:\d\d)?)?)$`)

// failText marks the row invalid for a value where a number or a time belongs, quoting it only when it
// cannot be personal.
func (r *reader) failText(text []byte, as string) {
	what := fmt.Sprintf("a text of %d characters", utf8.RuneCount(text))
	if quotable.Match(text) {
		what = strconv.Quote(string(text))
	}
	r.fail(fmt.Sprintf("cannot read %s as %s", what, as))
}
