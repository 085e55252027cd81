package simulator

import "math/rand/v2"

// utmVariants are the tags buyers arrive with: free text of many hands (section 7.1).
var utmVariants = [][]parameter{
	{{"utm_source", "vk"}, {"utm_medium", "posty"}, {"utm_campaign", "anons2"}},
	{{"utm_source", "VK "}, {"utm_medium", " Posty"}, {"utm_campaign", "ANONS2"}},
	{{"utm_source", "yandex"}, {"utm_medium", "cpc"}, {"utm_campaign", "11111111"}, {"utm_content", "11111111111"},
		{"utm_term", "выставка кубиков"}},
	{{"utm_source", "Yandex"}, {"utm_medium", "CPC"}, {"utm_campaign", "11111111"}, {"utm_content", "22222222222"},
		{"utm_term", "афиша выставки"}},
	{{"utm_source", "insta"}, {"utm_medium", "opisanie"}, {"utm_campaign", "profil"}},
	{{"utm_source", "Инстаграм"}, {"utm_medium", "Сторис"}, {"utm_campaign", "Осень 2030"}},
	{{"utm_source", "telegram"}, {"utm_medium", ""}, {"utm_campaign", "канал/пост №5"}},
	{{"utm_source", "email"}, {"utm_medium", "newsletter"}, {"utm_campaign", "welcome"},
		{"utm_content", "canary.utm@mail.example.test"}},
	{{"utm_campaign", "only-campaign"}},
	{{"utm_source", "vk"}, {"utm_medium", "lenta"}, {"utm_campaign", "promokod_zaprosy"},
		{"utm_term", "canary.term@mail.example.test"}},
	{{"utm_source", "qr"}, {"utm_medium", "афиша \"у метро\""}, {"utm_campaign", "a\\b"}, {"utm_wall", "7"}},
}

// utmMail is a campaign that is nothing but a person's address; see WorldOptions.MailInCampaign.
var utmMail = []parameter{{"utm_source", "email"}, {"utm_medium", "newsletter"},
	{"utm_campaign", "canary.campaign@mail.example.test"}}

// pickUTM gives 52 % of orders a tag (section 16); nil is written as [].
func (w *World) pickUTM(rng *rand.Rand) []parameter {
	if rng.IntN(100) >= 52 {
		return nil
	}
	if w.options.MailInCampaign && rng.IntN(20) == 0 {
		return utmMail
	}
	return utmVariants[rng.IntN(len(utmVariants))]
}

func utmValue(tags []parameter, key string) string {
	for _, p := range tags {
		if p.key == key {
			return p.value
		}
	}
	return ""
}
