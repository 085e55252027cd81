package qtickets

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Outline is the form of the JSON values that stood in one place of the responses: kinds, lengths and counts, no value.
// It can be sent to others once Pruned.
type Outline struct {
	// Kinds is how many values there were of each: null, true (either boolean), integer, decimal (at most two digits after
	// the point), fraction, empty, digits, text, time (with no offset), time+03:00, object, list.
	Kinds map[string]int `json:"kinds"`
	// Longest is the length of the longest text, in bytes, or list, in elements.
	Longest  int                 `json:"longest,omitempty"`
	Members  map[string]*Outline `json:"members,omitempty"`
	Elements *Outline            `json:"elements,omitempty"`
	// Unnamed is how many different members are left out because their names may not be the API's, and Others what they
	// hold.
	Unnamed int      `json:"unnamed,omitempty"`
	Others  *Outline `json:"others,omitempty"`
}

// Outline adds the form of a response to o.
func (c *Client) Outline(ctx context.Context, path string, q Query, o *Outline) error {
	_, err := c.get(ctx, path, q, func(dec *jsontext.Decoder) (rows int, err error) {
		r := reader{dec: dec}
		fresh := &Outline{}
		fresh.read(&r)
		if err := r.end(); err != nil {
			return 0, err
		}
		o.merge(fresh)
		return 1, nil
	})
	return err
}

// mostNames is how many names of members are told apart in one place: an object of more is a map.
const mostNames = 500

// schemes are 94 % of the bytes of an event, keyed by seats (API notes, section 9).
const schemes = "scheme_properties"

func (o *Outline) read(r *reader) {
	switch r.kind() {
	case '{':
		o.count("object")
		r.token()
		for r.nextKey() {
			o.member(string(r.key)).read(r)
		}
	case '[':
		o.count("list")
		r.token()
		n := 0
		for ; r.err == nil && r.kind() != ']'; n++ {
			if o.Elements == nil {
				o.Elements = &Outline{}
			}
			o.Elements.read(r)
		}
		r.token()
		o.Longest = max(o.Longest, n)
	default:
		text, kind := r.scalar()
		name := kindOf(string(text), kind)
		o.count(name)
		if name == "text" || name == "digits" {
			o.Longest = max(o.Longest, len(text))
		}
	}
}

func (o *Outline) count(kind string) {
	if o.Kinds == nil {
		o.Kinds = map[string]int{}
	}
	o.Kinds[kind]++
}

// member is the place of a name; that of all others, once there are too many.
func (o *Outline) member(name string) *Outline {
	if o.Members == nil {
		o.Members = map[string]*Outline{}
	}
	if at := o.Members[name]; at != nil {
		return at
	}
	if len(o.Members) >= mostNames {
		o.Unnamed++
		if o.Others == nil {
			o.Others = &Outline{}
		}
		return o.Others
	}
	o.Members[name] = &Outline{}
	return o.Members[name]
}

func (o *Outline) merge(other *Outline) {
	if other == nil {
		return
	}
	for kind, n := range other.Kinds {
		if o.Kinds == nil {
			o.Kinds = map[string]int{}
		}
		o.Kinds[kind] += n
	}
	o.Longest = max(o.Longest, other.Longest)
	for name, m := range other.Members {
		o.member(name).merge(m)
	}
	if other.Elements != nil {
		if o.Elements == nil {
			o.Elements = &Outline{}
		}
		o.Elements.merge(other.Elements)
	}
	o.Unnamed += other.Unnamed
	if other.Others != nil {
		if o.Others == nil {
			o.Others = &Outline{}
		}
		o.Others.merge(other.Others)
	}
}

var (
	wholeNumber = regexp.MustCompile(`^-?\d+$`)
	cents       = regexp.MustCompile(`^-?\d+\.\d{1,2}$`)
	identifier  = regexp.MustCompile(`^[a-z][a-z_]{0,38}[a-z0-9]?$`)
)

func kindOf(text string, kind jsontext.Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't', 'f':
		return "true"
	case '0':
		switch {
		case wholeNumber.MatchString(text):
			return "integer"
		case cents.MatchString(text):
			return "decimal"
		default:
			return "fraction"
		}
	}
	switch {
	case text == "":
		return "empty"
	case wholeNumber.MatchString(text):
		return "digits"
	case namesNoOffset([]byte(text)):
		return "time"
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return "time" + at.Format("-07:00")
	}
	return "text"
}

// Pruned is the outline without names that may not be the API's. A name is the API's when the API notes know it, or
// when it looks like one and stands in most of many objects of its place; in what the selling site fills, only known
// names are.
func (o *Outline) Pruned() *Outline { return o.pruned("") }

// manyObjects is in how many objects a name that nobody knows must stand.
const manyObjects = 5

func (o *Outline) pruned(name string) *Outline {
	out := &Outline{Kinds: o.Kinds, Longest: o.Longest, Unnamed: o.Unnamed}
	others := &Outline{}
	others.merge(o.Others)
	objects := o.Kinds["object"]
	for key, m := range o.Members {
		known := slices.Contains(knownNames, key)
		usual := identifier.MatchString(key) && !slices.Contains(filledBySites, name) &&
			m.values() >= max(manyObjects, (objects+1)/2)
		if !known && !usual {
			out.Unnamed++
			if key != schemes {
				others.merge(m)
			}
			continue
		}
		if out.Members == nil {
			out.Members = map[string]*Outline{}
		}
		out.Members[key] = m.pruned(key)
	}
	if len(others.Kinds) > 0 {
		out.Others = others.pruned(name)
	}
	if o.Elements != nil {
		out.Elements = o.Elements.pruned(name)
	}
	return out
}

func (o *Outline) values() (n int) {
	for _, count := range o.Kinds {
		n += count
	}
	return n
}

// filledBySites are members whose own members are named by organisers and their sites.
var filledBySites = []string{"custom", "fields", "utm", "integrations", "spread"}

// knownNames are those of the API notes, sections 4 to 12.
var knownNames = strings.Fields(`
	data paging perPage currentPage total
	id uniqid payed payed_at created_at updated_at deleted_at client_id client email details name middlename surname phone
	vk_id facebook_id site_id site host payment_id payment_type_id payment_card_number payment_url cancel_url
	basket_user_id backend_user_id access_code_id discount_id promo_code_id reserved reserved_to reserve_extended event_id
	price original_price currency_id utm utm_source utm_medium utm_campaign utm_content utm_term custom fields baskets
	refunds integrations primary_orders secondary_orders
	series barcode show_id seat_id seat_name ticket_original_price discount_value ticket_amount service_fee_amount
	multiprice_code quantity client_email client_phone client_name client_surname client_middlename organization_name
	legal_name work_position inn kpp comment pdf_url passbook_url gpass_url related_baskets services checked_at refunded_at
	refunded_amount refunded_deduction_amount amount deduction_amount
	is_active scheme_id city_id ticket_id mail_template_id event_type_id place_name place_address place_description
	description site_url age slug url external_id shows payments handler agree_url poster content_type file_size city
	timezone ticket mail_template place_coordinates sale_start_date sale_finish_date open_date start_date finish_date
	prices default_price color_theme modifiers type value sales_count_value active_from active_to min_price max_price
	zone_id root_id zone_root_id short_seat_id seats admission available disabled ordered max_quantity free_quantity
	ordered_quantity payed_quantity in_basket_quantity row place events code max_uses_count color
`)
