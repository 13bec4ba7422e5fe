package demo

import (
	"github.com/poruch/poruch/bots/telegram/telegramtest"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

func customers() []telegramtest.User {
	return []telegramtest.User{
		{ID: 1001, Name: "Оксана", Username: "oksana_lviv", Language: "uk"},
		{ID: 1002, Name: "Тарас", Username: "taras_k", Language: "uk"},
		{ID: 1003, Name: "Ірина", Username: "iryna_brews", Language: "uk"},
		{ID: 1004, Name: "Микита", Username: "mykyta_od", Language: "ru"},
		{ID: 1005, Name: "Emma", Username: "emma_in_kyiv", Language: "en"},
	}
}

func groups() []telegramtest.Group {
	return []telegramtest.Group{
		{Chat: -1001000000001, Title: "Ранкова — спільнота"},
		{Chat: -1001000000002, Title: "Клуб Ранкової", Forum: true, Topics: map[int]string{
			2: "Рецепти та помел", 3: "Замовлення", 4: "Кавомашини",
		}},
	}
}

func staff() (people []slacktest.User, bot slacktest.User) {
	return []slacktest.User{
		{ID: "U0OLENA", Name: "olena", RealName: "Олена Бондар"},
		{ID: "U0ANDRII", Name: "andrii", RealName: "Андрій Мельник"},
		{ID: "U0MARIIA", Name: "mariia", RealName: "Марія Савчук"},
	}, slacktest.User{ID: "U0PORUCH", Name: "poruch", RealName: "Поруч", IsBot: true}
}

// Sample is a question to try. Kind names its label among the page's texts
// (sample_<kind>): known, unclear, two, typos, latin, english, unknown, complaint or
// thanks.
type Sample struct{ Kind, Text string }

// Samples are the questions a visitor can send with one click.
func Samples() []Sample {
	return []Sample{
		{"known", "Скільки триває доставка?"},
		{"unknown", "Чи можна орендувати вашу кавʼярню для весілля на сорок гостей?"},
		{"unclear", "що взяти для капучино?"},
		{"two", "Як скасувати підписку? І скільки триває доставка?"},
		{"typos", "скіки коштуе доставка на отдєлєніє?"},
		{"latin", "yak pominyaty adresu dostavky, yakshcho vzhe zamovyv?"},
		{"english", "Do you ship abroad?"},
		{"complaint", "Це жах! Третій день ніхто не відповідає, кава приїхала розсипана. Поверніть гроші!"},
		{"thanks", "Дякую, все зрозуміло!"},
	}
}
