/**
 * Cities, provinces and countries as datelines name them, in Indonesian and in English. Enough to tell `Jakarta - ` from
 * `Presiden Jokowi - `, never complete: a place that is not here is still read next to a known outlet or in capitals.
 */
export const PLACES: readonly string[] = list(`
  Abu Dhabi, Abuja, Aceh, Addis Ababa, Adelaide, Aden, Afghanistan, Afrika Selatan, Ahmedabad, Albania, Aleppo,
  Alexandria, Algeria, Algiers, Aljazair, Almaty, Ambon, Amerika Serikat, Amman, Amsterdam, Andorra, Angola, Ankara,
  Antwerp, Arab Saudi, Argentina, Armenia, Aruba, Asmara, Astana, Asunción, Athena, Athens, Atlanta, Auckland,
  Australia, Austria, Azerbaijan, Badung, Bagdad, Baghdad, Bahama, Bahamas, Bahrain, Baku, Balangan, Bali, Balikpapan,
  Bamako, Banda Aceh, Bandar Lampung, Bandar Seri Begawan, Bandung, Bangalore, Bangka Belitung, Bangkok, Bangladesh,
  Banjarbaru, Banjarmasin, Banten, Bantul, Banyumas, Banyuwangi, Barbados, Barcelona, Batam, Batu, Beirut, Bekasi,
  Belanda, Belarus, Belgia, Belgium, Belgrade, Bengaluru, Bengkulu, Beograd, Berlin, Bern, Bhutan, Bima, Binjai,
  Birmingham, Bishkek, Bitung, Blitar, Blora, Bogor, Bogota, Bogotá, Bojonegoro, Bolivia, Bontang, Bosnia, Boston,
  Botswana, Boyolali, Brasil, Brasilia, Brasília, Bratislava, Brazil, Brebes, Brisbane, Britain, Brunei,
  Brunei Darussalam, Brussel, Brussels, Bucharest, Budapest, Buenos Aires, Bukarest, Bukittinggi, Bulgaria,
  Burkina Faso, Burundi, Busan, Cairo, Calcutta, Cambodia, Cameroon, Canada, Canberra, Cape Town, Caracas, Chad,
  Chengdu, Chennai, Chicago, Chile, China, Chisinau, Ciamis, Cianjur, Cikarang, Cilacap, Cilegon, Cimahi, Cirebon,
  Cleveland, Colombia, Colombo, Conakry, Copenhagen, Costa Rica, Croatia, Cuba, Cyprus, Czech Republic, Dakar, Dallas,
  Damascus, Damaskus, Dar es Salaam, Darwin, Davos, Delhi, Deli Serdang, Demak, Den Haag, Denmark, Denpasar, Denver,
  Depok, Detroit, Dhaka, Dili, Djibouti, Doha, Donetsk, Dubai, Dublin, Dumai, Dushanbe, Düsseldorf, East Timor,
  Ecuador, Edinburgh, Egypt, Ekuador, El Salvador, England, Eritrea, Estonia, Eswatini, Ethiopia, Etiopia, Fiji,
  Filipina, Finland, Finlandia, France, Frankfurt, Freetown, Fukuoka, Gabon, Gambia, Garut, Gaza, Geneva, Georgetown,
  Georgia, Germany, Ghana, Gianyar, Glasgow, Gorontalo, Gowa, Greece, Gresik, Grobogan, Guangzhou, Guatemala, Guinea,
  Gunungkidul, Guyana, Haiti, Halmahera, Hamburg, Hanoi, Harare, Havana, Helsinki, Hiroshima, Ho Chi Minh City,
  Honduras, Hong Kong, Honiara, Honolulu, Houston, Hungaria, Hungary, Hyderabad, Iceland, India, Indonesia, Indramayu,
  Inggris, Irak, Iran, Iraq, Ireland, Irlandia, Islamabad, Islandia, Israel, Istanbul, Italia, Italy, Ivory Coast,
  Jakarta, Jakarta Barat, Jakarta Pusat, Jakarta Selatan, Jakarta Timur, Jakarta Utara, Jamaica, Jamaika, Jambi,
  Japan, Jawa Barat, Jawa Tengah, Jawa Timur, Jayapura, Jeddah, Jember, Jenewa, Jepang, Jepara, Jerman, Jerusalem,
  Johannesburg, Johor Bahru, Jombang, Jordan, Juba, Kabul, Kairo, Kalimantan Barat, Kalimantan Selatan,
  Kalimantan Tengah, Kalimantan Timur, Kalimantan Utara, Kamboja, Kamerun, Kampala, Kanada, Karachi, Karanganyar,
  Karawang, Kathmandu, Kazakhstan, Kazan, Kebumen, Kediri, Kendal, Kendari, Kenya, Kepulauan Riau, Kharkiv, Khartoum,
  Kiev, Kigali, Kingston, Kinshasa, Kirgizstan, Klaten, Kolkata, Kolombia, Kopenhagen, Korea Selatan, Korea Utara,
  Kosovo, Kosta Rika, Kroasia, Kuala Lumpur, Kuba, Kudus, Kulon Progo, Kuningan, Kupang, Kuwait, Kyiv, Kyoto,
  Kyrgyzstan, La Paz, Labuan Bajo, Lagos, Lahore, Lamongan, Lampung, Langsa, Laos, Las Vegas, Latvia, Lebak, Lebanon,
  Lhokseumawe, Liberia, Libia, Libya, Lima, Lisboa, Lisbon, Lithuania, Lituania, Liverpool, Ljubljana, Lombok, London,
  Los Angeles, Luanda, Lubuklinggau, Luksemburg, Lumajang, Lusaka, Luxembourg, Lviv, Lyon, Macau, Madagascar,
  Madagaskar, Madinah, Madiun, Madrid, Madura, Magelang, Magetan, Makassar, Makau, Makkah, Malang, Malawi, Malaysia,
  Maldives, Mali, Malta, Maluku, Maluku Utara, Mamuju, Manado, Managua, Manama, Manchester, Manila, Manokwari, Maputo,
  Maroko, Marseille, Mataram, Mauritius, Mecca, Medan, Medina, Mekah, Mekkah, Meksiko, Melbourne, Merauke, Mesir,
  Metro, Mexico, Mexico City, Miami, Milan, Minahasa, Minneapolis, Minsk, Mogadishu, Mojokerto, Moldova, Monaco,
  Mongolia, Monrovia, Montenegro, Montevideo, Montreal, Morocco, Moscow, Moskow, Mosul, Mozambik, Mozambique, Mumbai,
  Munich, Muscat, Myanmar, Nabire, Nablus, Nagasaki, Nairobi, Namibia, Naypyidaw, Nepal, Netherlands, New Delhi,
  New Orleans, New York, New Zealand, Nganjuk, Ngawi, Nicaragua, Nice, Niger, Nigeria, Nikaragua, North Korea, Norway,
  Norwegia, Nur-Sultan, Nusa Tenggara Barat, Nusa Tenggara Timur, Nusantara, Odesa, Odessa, Oman, Osaka, Oslo, Ottawa,
  Padang, Pakistan, Palangka Raya, Palangkaraya, Palembang, Palestina, Palestine, Palopo, Palu, Panama, Pangkalpinang,
  Papua, Papua Barat, Papua New Guinea, Papua Nugini, Papua Pegunungan, Papua Selatan, Papua Tengah, Paraguay,
  Parepare, Paris, Pasuruan, Pati, Payakumbuh, Pekalongan, Pekanbaru, Pemalang, Pematangsiantar, Penang, Perancis,
  Perth, Peru, Philadelphia, Philippines, Phnom Penh, Phoenix, Pidie, Pittsburgh, Podgorica, Poland, Polandia,
  Ponorogo, Pontianak, Port Moresby, Portland, Portugal, Poso, Prague, Praha, Prancis, Pretoria, Pristina,
  Probolinggo, Purbalingga, Purwakarta, Purwokerto, Purworejo, Pyongyang, Qatar, Quito, Rabat, Rafah, Ramallah,
  Republik Ceko, Reykjavik, Riau, Riga, Rio de Janeiro, Riyadh, Roma, Romania, Rome, Rotterdam, Rumania, Rusia,
  Russia, Rwanda, Sabang, Salatiga, Samarinda, Samoa, San Diego, San Francisco, San José, San Juan, San Salvador,
  Sanaa, Santiago, Santo Domingo, Sao Paulo, Sarajevo, Saudi Arabia, Scotland, Seattle, Selandia Baru, Semarang,
  Senegal, Seoul, Serang, Serbia, Shanghai, Shenzhen, Sidoarjo, Sierra Leone, Singapore, Singapura, Singkawang,
  Situbondo, Skopje, Sleman, Slovakia, Slovenia, Sofia, Solo, Solok, Solomon Islands, Somalia, Sorong, South Africa,
  South Korea, South Sudan, Spain, Spanyol, Sragen, Sri Lanka, St. Louis, St. Petersburg, Stockholm, Stuttgart,
  Subang, Sudan, Sudan Selatan, Sukabumi, Sukoharjo, Sulawesi Barat, Sulawesi Selatan, Sulawesi Tengah,
  Sulawesi Tenggara, Sulawesi Utara, Sumatera Barat, Sumatera Selatan, Sumatera Utara, Sumatra, Sumba, Sumbawa,
  Sumedang, Surabaya, Surakarta, Suriah, Suriname, Suva, Sweden, Swedia, Swiss, Switzerland, Sydney, Syria, São Paulo,
  Tabanan, Taipei, Taiwan, Tajikistan, Takengon, Tallinn, Tangerang, Tangerang Selatan, Tanjungpinang, Tanzania,
  Tapanuli, Tarakan, Tashkent, Tasikmalaya, Tbilisi, Tegal, Teheran, Tehran, Tel Aviv, Temanggung, Ternate, Thailand,
  The Hague, Tianjin, Tibet, Timor Leste, Timor-Leste, Tiongkok, Tirana, Togo, Tokyo, Tomohon, Tonga, Toronto,
  Trenggalek, Tripoli, Tuban, Tulungagung, Tunis, Tunisia, Turin, Turkey, Turki, Turkiye, Turkmenistan, Tuvalu,
  Türkiye, Uganda, Ukraina, Ukraine, Ulaanbaatar, Ulan Bator, Uni Emirat Arab, United Arab Emirates, United Kingdom,
  United Nations, United States, Uruguay, Uzbekistan, Valencia, Valletta, Vancouver, Vanuatu, Vatican City, Vatikan,
  Venesia, Venezuela, Venice, Vienna, Vientiane, Vietnam, Vilnius, Vladivostok, Wamena, Warsaw, Warsawa, Washington,
  Washington DC, Wellington, Wina, Windhoek, Wonogiri, Wonosobo, Wuhan, Yaman, Yangon, Yaounde, Yemen, Yerevan,
  Yogyakarta, Yokohama, Yordania, Yunani, Zagreb, Zambia, Zimbabwe, Zurich
`)

/** What follows the city in an American or Canadian dateline. */
export const REGIONS: readonly string[] = list(`
  Ala., Alabama, Alaska, Alberta, Ariz., Arizona, Ark., Arkansas, British Columbia, Calif., California, Colo.,
  Colorado, Conn., Connecticut, D.C., Del., Delaware, Fla., Florida, Ga., Hawaii, Idaho, Ill., Illinois, Ind.,
  Indiana, Iowa, Kan., Kansas, Kentucky, Ky., La., Louisiana, Maine, Maryland, Mass., Massachusetts, Md., Mich.,
  Michigan, Minn., Minnesota, Miss., Mississippi, Missouri, Mo., Mont., Montana, N.C., N.D., N.H., N.J., N.M., N.Y.,
  Neb., Nebraska, Nev., Nevada, New Hampshire, New Jersey, New Mexico, North Carolina, North Dakota, Nova Scotia,
  Ohio, Okla., Oklahoma, Ontario, Ore., Oregon, Pa., Pennsylvania, Quebec, R.I., Rhode Island, S.C., S.D.,
  South Carolina, South Dakota, Tenn., Tennessee, Texas, Utah, Va., Vermont, Virginia, Vt., W.Va., Wash., Wis.,
  Wisconsin, Wyo., Wyoming
`)

const placeNames = new Set(PLACES.map((place) => place.toLowerCase()))
const regionNames = new Set(REGIONS.map((region) => region.toLowerCase()))
const longestName = Math.max(...PLACES.map((place) => place.split(' ').length))
const WORD = /[^\s,;:()/]+/uy

export function isPlace(name: string): boolean {
  return placeNames.has(name.toLowerCase())
}

export function isRegion(name: string): boolean {
  return isPlace(name) || regionNames.has(name.toLowerCase())
}

/** The offset behind the longest place name that starts at an offset, or null. */
export function findPlaceEnd(text: string, from: number): number | null {
  let end: number | null = null
  let at = from
  for (let words = 0; words < longestName; words++) {
    WORD.lastIndex = at
    const word = WORD.exec(text)
    if (!word) break
    at += word[0].length
    if (isPlace(text.slice(from, at))) end = at
    if (text[at] !== ' ') break
    at++
  }
  return end
}

function list(names: string): readonly string[] {
  return names
    .split(/[,\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
