package qtickets

import (
	"fmt"
	"strings"
)

// canaries are the personal data and secrets of the fixtures. None may survive decoding.
var canaries = []string{
	"canary.buyer@example.test", "canary.utm@example.test", "canary%40example.test", "70000000077", "70000000088",
	"Canaryname", "Canarysurname", "Canarymiddle", "000000******7777", "777000000001",
	"example.test", "canary-pay", "canary-cancel", "canary-pdf", "canary-pass", "Canary Ltd", "Canary comment",
}

// orderJSON is an invented order in the captured key order and spelling (API notes, section 7.4).
func orderJSON(id int, baskets ...string) string {
	return fmt.Sprintf(`{"id":%d,"uniqid":"AAAAAAAAAA","payed":true,"payed_at":"2030-05-01T12:02:10+03:00",`+
		`"client_id":9001,"client":{"id":9001,"email":"canary.buyer@example.test","details":{"id":8001,"name":"Canaryname",`+
		`"middlename":null,"surname":"Canarysurname","phone":"+70000000077","vk_id":"","facebook_id":""}},"site_id":7,`+
		`"site":{"id":7,"host":"\u0431\u0438\u043b\u0435\u0442\u044b.example"},"payment_id":11,"payment_type_id":"card",`+
		`"payment_card_number":"000000******7777","payment_url":"https:\/\/example.test\/canary-pay",`+
		`"cancel_url":"https:\/\/example.test\/canary-cancel","basket_user_id":77,"backend_user_id":null,`+
		`"access_code_id":null,"discount_id":501,"promo_code_id":90001,"reserved":false,`+
		`"reserved_to":"2030-05-02T12:00:00+03:00","reserve_extended":0,"event_id":70001,"price":900,"original_price":"1000.00",`+
		`"currency_id":"RUB","utm":{"utm_source":"vk","utm_campaign":"11111111111",`+
		`"utm_content":"for canary.utm@example.test","utm_term":"canary%%40example.test +7 (000) 000-00-88"},`+
		`"custom":"","fields":[],"baskets":[%s],"refunds":[],`+
		`"integrations":{"roistat":{"roistat_visit":null}},"created_at":"2030-05-01T12:00:00+03:00",`+
		`"updated_at":"2030-05-01T12:02:15+03:00","deleted_at":null}`, id, strings.Join(baskets, ","))
}

// basketJSON is one invented ticket (API notes, section 7.2).
func basketJSON(id int) string {
	return fmt.Sprintf(`{"id":%d,"series":"000000001","barcode":"777000000001","show_id":80001,"seat_id":"PARTERRE-1;2",`+
		`"seat_name":"\u041f\u0430\u0440\u0442\u0435\u0440","original_price":1000,"ticket_original_price":1000,"discount_value":100,`+
		`"price":900,"ticket_amount":900,"service_fee_amount":0,"multiprice_code":null,"quantity":1,`+
		`"client_email":"canary.buyer@example.test","client_phone":"+70000000077","client_name":"Canaryname",`+
		`"client_surname":"Canarysurname","client_middlename":"Canarymiddle","organization_name":"Canary Ltd","legal_name":null,`+
		`"work_position":null,"inn":null,"kpp":null,"comment":"Canary comment",`+
		`"pdf_url":"https:\/\/example.test\/canary-pdf","passbook_url":"https:\/\/example.test\/canary-pass",`+
		`"related_baskets":[],"services":[],"checked_at":null,"created_at":"2030-05-01T11:59:00+03:00",`+
		`"updated_at":"2030-05-01T12:02:10+03:00","deleted_at":null,"refunded_at":null,"refunded_amount":null,`+
		`"refunded_deduction_amount":null,"refunds":[]}`, id)
}

// listJSON wraps rows into the envelope of a single page.
func listJSON(rows ...string) string { return pageJSON(1, 50, len(rows), rows...) }

func pageJSON(page, perPage, total int, rows ...string) string {
	return fmt.Sprintf(`{"data":[%s],"paging":{"perPage":%d,"currentPage":%d,"total":%d}}`,
		strings.Join(rows, ","), perPage, page, total)
}
