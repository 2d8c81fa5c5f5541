/**
 * What readers ask, and the stories that answer it. Written by hand from the stories and before anything was asked, so that
 * no question knows how it is answered; what is not found stays as it is. Each story is named by its exact title.
 */
export type Kind = 'known' | 'inflected' | 'paraphrased' | 'names' | 'phrase' | 'short'

export const kinds: Readonly<Record<Kind, string>> = {
  known: 'words of the title, not all, in another order',
  inflected: 'the words in other forms',
  paraphrased: 'what is remembered of a story, by words that it has in some form',
  names: 'names and numbers',
  phrase: 'words in quotes, which stand so',
  short: 'a word or two that several stories have, and few are about: what is asked of the order',
}

export interface Judged {
  kind: Kind
  lang: 'id' | 'en'
  q: string
  /** the titles of all stories that truly answer it: one, at most three */
  answers: readonly string[]
  /** whether the stories are of Wikinews, which are not of this repository */
  wikinews?: true
}

type Question = Omit<Judged, 'kind'>

const id = (q: string, ...answers: string[]): Question => ({ lang: 'id', q, answers })
const en = (q: string, ...answers: string[]): Question => ({ lang: 'en', q, answers })
const wikinews = (q: string, ...answers: string[]): Question => ({ lang: 'en', q, answers, wikinews: true })

/** Two stories of one event each, so that both answer. */
const womenOnTrain = [
  "Indian Railway: all-women crew steers Tippu Express ahead of International Women's Day",
  "Wikinews discusses International Women's Day celebration with Mysore Divisional Railway Manager",
]
const redHat = [
  'Red Hat to move focus away from CentOS in favour of Stream; CentOS team discuss implications with Wikinews',
  'Gregory Kurtzer discusses plans for Rocky Linux with Wikinews as Red Hat announces moving focus away from CentOS',
]
const youtubeDl = [
  'GitHub blocks public access to youtube-dl after RIAA issues DMCA notice',
  'Wikinews discusses DRM and DMCA with Richard Stallman after GitHub re-enables public access to youtube-dl',
]
const border = [
  'Cairo summit denounces Turkish-Libyan maritime border agreement',
  'Greek prime minister reaffirms EastMed pipeline project is open for other countries to join',
]
const navalny = ['Germany says Alexei Navalny poisoned with Novichok', "Russia's Navalny airlifted to Germany"]
const neanderthals =
  "Neanderthals 'knew what they were doing': Archæologist Dr Naomi Martisius discusses her findings about Neanderthals' behaviour with Wikinews"
const hydrogen =
  "'Earth-based life can survive in hydrogen-rich atmospheres': MIT professor Dr Seager tells Wikinews about her research on organisms thriving in oxygen-less environment"

const questions: Readonly<Record<Kind, readonly Question[]>> = {
  known: [
    id('kampung nelayan banjir rob', 'Banjir Rob Rendam Tiga Kampung Nelayan'),
    id('paceklik harga beras', 'Harga Beras Naik Menjelang Paceklik'),
    id('kepala desa petani muda', 'Petani Muda Terpilih Menjadi Kepala Desa'),
    id('pasar rakyat 120 kios', 'Kebakaran Hanguskan 120 Kios Pasar Rakyat'),
    id('bulu tangkis ganda putri', 'Ganda Putri Lembayung Juarai Turnamen Bulu Tangkis'),
    id('pulau terpencil panel surya', 'Panel Surya Terangi Pulau Terpencil'),
    id('sungai ciberang sampah relawan', 'Relawan Angkat Tujuh Ton Sampah dari Sungai Ciberang'),
    id('renovasi stadion gelora merpati', 'Stadion Gelora Merpati Ditutup untuk Renovasi'),
    id('anggrek tebing kapur', 'Anggrek Jenis Baru Ditemukan di Tebing Kapur'),
    id('seumur hidup wasit suap', 'Wasit Dihukum Seumur Hidup karena Suap'),
    id('cara menyimpan cabai', 'Tiga Cara Menyimpan Cabai'),
    id('pasar terapung ramai', 'Pasar Terapung Ramai Lagi'),
    id('museum kapal tua', 'Kapal Tua Jadi Museum'),
    en('black sea grain ships', 'Grain ships leave the Black Sea port again'),
    en('library flood reopens', 'Library reopens after the flood'),
    wikinews('samoan measles state of emergency', 'Samoan government ends state of emergency over measles outbreak'),
    wikinews('sola airport fire', 'Fire erupts in parking structure at Sola Airport, Norway'),
    wikinews('kobe bryant helicopter crash', 'Former basketball player Kobe Bryant dies in helicopter crash, aged 41'),
    wikinews('frog skull spikes', 'Florida frog skull survey shows spikes, say scientists'),
    wikinews('toilet paper limits australia', 'Stores in Australia lower toilet paper limits per transaction'),
    wikinews(
      'tesco polish branch salling',
      'British supermarket chain Tesco to sell its Polish branch to Salling Group A/S',
    ),
    wikinews('white plains water main', 'Water main bursts in White Plains, New York, US'),
    wikinews('calicut airport crash', 'Passenger flight crashes upon landing at Calicut airport in India'),
    wikinews('neanderthals archaeologist', neanderthals),
    wikinews('centos red hat stream', ...redHat),
    wikinews('youtube-dl github', ...youtubeDl),
    wikinews('hana kimura wrestler', 'Japanese professional wrestler and Netflix star Hana Kimura dies aged 22'),
    wikinews(
      'kerala elephant explosive fruit',
      'Suspect arrested in death of elephant in Kerala, India that ate explosive fruit',
    ),
  ],
  inflected: [
    id('pertemuan bupati dengan nelayan', 'Bupati Temui Nelayan soal Larangan Pukat'),
    id('mengangkat guru honorer', 'Ribuan Guru Honorer Menunggu Pengangkatan'),
    id('uji coba kereta bandara', 'Kereta Bandara Mulai Diuji Coba'),
    id('pemogokan sopir angkutan kota', 'Sopir Angkot Mogok, Ribuan Pelajar Berjalan Kaki'),
    id('gunung meletus bandara ditutup', 'Letusan Gunung Sengkala Tutup Bandara Dua Hari'),
    id('menyelundupkan burung', 'Penyelundupan Burung Cenderawasih Digagalkan'),
    id('pencuri kabel kereta', 'Kabel Sinyal Dicuri, Jadwal Kereta Kacau'),
    id('hitung ulang suara', 'Suara Pilkada Kota Banjaran Dihitung Ulang'),
    id('terjemahan dongeng', 'Dongeng Anak Diterjemahkan ke Bahasa Daerah'),
    id('penolakan pengeboran panas bumi', 'Warga Tolak Pengeboran Panas Bumi di Hutan Larangan'),
    id('nikah massal', 'Seratus Pasangan Lanjut Usia Menikah Massal'),
    id('ekspor kopi', 'Kopi Lereng Tambora Diekspor ke Jepang'),
    id('pelepasan tukik', 'Ribuan Tukik Dilepas ke Laut Selatan'),
    id('kenaikan harga beras', 'Harga Beras Naik Menjelang Paceklik'),
    id('pembakaran lahan gambut', 'Kabut Asap Kebakaran Gambut Ganggu Penerbangan'),
    id('memamerkan keramik', 'Keramik dari Kapal Karam Dipamerkan'),
    id('pemilihan kepala desa', 'Petani Muda Terpilih Menjadi Kepala Desa'),
    id('penangkapan penipu pinjaman', 'Polisi Bongkar Penipuan Pinjaman Daring'),
    id('penundaan pelantikan wali kota', 'Suara Pilkada Kota Banjaran Dihitung Ulang'),
    id('pemulangan pekerja migran', 'Pekerja Migran Dipulangkan Tanpa Gaji'),
    id('pembukaan jembatan gantung', 'Jembatan Gantung Dibuka'),
    id('pemugaran masjid agung', 'Masjid Agung Dipugar'),
    id('kereta tambahan ke solo', 'Kereta Malam ke Solo Ditambah'),
    id('pertemuan menteri luar negeri china dengan putin', 'Wang Yi Temui Putin di Moskow'),
    en('closing steel mills', 'Steel mill to close'),
    en('replanting orchards', 'The Orchard That Came Back'),
    wikinews('death of the mayor of seoul', 'Seoul city Mayor Park Won-soon found dead, South Korean police confirm'),
    wikinews('poisoning of navalny', ...navalny),
    wikinews('ukrainian jets downed iran', "Iran admits downing Ukrainian jet, cites 'human error'"),
    wikinews(
      'astronomers discover black holes',
      'Astronomer tells Wikinews about discovery of closest black hole known so far',
    ),
    wikinews(
      'supreme court overturning fraud conviction',
      'US Supreme Court overturns fraud convictions in Kelly v. United States',
    ),
    wikinews(
      'suspending basketball season',
      'National Basketball Association suspends season due to COVID-19 concerns',
    ),
    wikinews('launching astronauts spacex', 'SpaceX successfully launches its first crewed spaceflight'),
    wikinews(
      'legalize abortion argentina',
      'Argentine president Fernández to send bill legalising abortion to National Congress within 10 days',
    ),
    wikinews(
      'endorsing biden',
      'Bernie Sanders endorses Joe Biden in 2020 United States presidential election',
      'Elizabeth Warren endorses Joe Biden in 2020 US presidential election',
    ),
    wikinews(
      'serbia protests storming parliament',
      'Serbian protesters try to storm Parliament; fourth day of protests',
    ),
    wikinews('earthquakes puerto rico', 'Seismic activity continues to shake Puerto Rico with 5.2 quake'),
    wikinews('explosive killing jackals', 'Police arrest twelve after explosives kill jackal in Tamil Nadu, India'),
    wikinews(
      'ukrainian prime minister resigns',
      "Ukrainian president rejects prime minister's resignation over leaked audio recording",
    ),
    wikinews('impeaching trump senate trial', 'U.S. House to decide on submitting articles of impeachment to Senate'),
  ],
  paraphrased: [
    id('tanggul jebol warga mengungsi ke masjid', 'Banjir Rob Rendam Tiga Kampung Nelayan'),
    id('bus pelajar rem tidak berfungsi', 'Bus Rombongan Pelajar Terguling di Tanjakan Sewu'),
    id('kakek pembuat jam hilang ingatan', 'Film Pendek Mahasiswa Tembus Festival di Lisbon'),
    id('burung disembunyikan di pipa', 'Penyelundupan Burung Cenderawasih Digagalkan'),
    id('uang sapi dipakai bangun vila', 'Mantan Ketua Koperasi Divonis Enam Tahun'),
    id('angkot protes ojek daring', 'Sopir Angkot Mogok, Ribuan Pelajar Berjalan Kaki'),
    id('pulau dulu pakai lampu minyak', 'Panel Surya Terangi Pulau Terpencil'),
    id('korban pinjaman palsu diperas dengan foto', 'Polisi Bongkar Penipuan Pinjaman Daring'),
    id('wasit disuap penalti', 'Wasit Dihukum Seumur Hidup karena Suap'),
    id('dokter operasi pasien di kapal', 'Rumah Sakit Terapung Obati Warga Pulau'),
    id('guru perbatasan gaji terlambat', 'Satu Guru Mengajar Enam Kelas di Perbatasan'),
    id('penyu bertelur lampu dimatikan', 'Ribuan Tukik Dilepas ke Laut Selatan'),
    id('bunga bau busuk', 'Anggrek Jenis Baru Ditemukan di Tebing Kapur'),
    id('mata air kering karena panas bumi', 'Warga Tolak Pengeboran Panas Bumi di Hutan Larangan'),
    id('paspor ditahan majikan', 'Pekerja Migran Dipulangkan Tanpa Gaji'),
    id('membeli air karena sumur kering', 'Kemarau Panjang, Warga Beli Air Jeriken'),
    id('unjuk rasa mahasiswa biaya kuliah', 'Mahasiswa Tolak Kenaikan Uang Kuliah'),
    id('anak lumpuh virus polio ditemukan', 'Imunisasi Polio Massal Digelar di Kepulauan Anggrek'),
    id('jejak harimau kebun sawit', 'Harimau Masuk Kampung, Kambing Warga Dimangsa'),
    id('penyelam menemukan mangkuk di kapal karam', 'Keramik dari Kapal Karam Dipamerkan'),
    id('jalan tol tertutup longsor', 'Longsor Putuskan Jalan Tol Pegunungan'),
    id('perahu hanyut membawa anak pengungsi', 'Perahu Pengungsi Terdampar di Pantai Ujong Kareung'),
    id('anak bermain di taman malam hari', 'Taman Kota Dibuka sampai Malam'),
    id('resep jamu di kafe', 'Jamu Masuk Menu Kafe'),
    en('books dried by hand after flood', 'Library reopens after the flood'),
    en('divers found old anchor in harbour', 'Harbour works will take longer'),
    wikinews('sultan who overthrew his father', 'Sultan Qaboos of Oman dies'),
    wikinews(
      'parked cars destroyed by fire at norwegian airport',
      'Fire erupts in parking structure at Sola Airport, Norway',
    ),
    wikinews(
      'man in fake suicide vest stabs people in london',
      "Police shoot man dead after 'terrorist-related' knife attack in London",
    ),
    wikinews('indian train run by women', ...womenOnTrain),
    wikinews('party where people drank cow urine', '200 in New Delhi, India drink cow urine to fight off COVID-19'),
    wikinews(
      'mathematician known for game of life',
      'English mathematician John Horton Conway dies after contracting COVID-19',
    ),
    wikinews('calgary professor of mathematics aged 103', 'British mathematician Richard K. Guy dies at 103'),
    wikinews(
      'rats avoid giving shocks to other rats',
      'Neuroscientists tell Wikinews about empathy and harm aversion observed in lab rats',
    ),
    wikinews(
      'philippine broadcaster ordered off air',
      "Philippines' largest television network shut down by government",
    ),
    wikinews(
      'bridge traffic chaos to punish mayor',
      'US Supreme Court overturns fraud convictions in Kelly v. United States',
    ),
    wikinews(
      'netflix star bullied before her death',
      'Japanese professional wrestler and Netflix star Hana Kimura dies aged 22',
    ),
    wikinews(
      'sergeant shot by prisoner was to retire',
      'South London police officer Matt Ratana shot in custody centre',
    ),
    wikinews(
      'school bus crash railway bridge roof fell in',
      'Three children seriously injured as bus hits bridge in Winchester, England',
    ),
    wikinews(
      'helicopter crashed power lines wildfire',
      'Power firm helicopter strikes cables, crashes near Fairfield, California',
    ),
    wikinews(
      'baby found drugs at the playground',
      '11-month old baby finds illegal drugs in playground in British Columbia, Canadian police report',
    ),
    wikinews('fire in former hotel mansion wales', 'Fire at historic Welsh ex-hotel Bontddu Hall kills one'),
    wikinews('wrestler died of lung disorder', 'US professional wrestler Jon Huber dies aged 41'),
    wikinews('guitar player throat cancer', 'Guitarist Eddie Van Halen dies, aged 65'),
    wikinews('black panther actor cancer', 'Tributes paid to recently deceased US actor Chadwick Boseman'),
    wikinews('first infections in antarctica', 'Chilean authorities report first COVID-19 outbreak in Antarctica'),
    wikinews('free game like minecraft', 'Open source game developer Perttu Ahola talks about Minetest with Wikinews'),
    wikinews(
      'birth of a planet around a young star',
      'Astronomer Anthony Boccaletti discusses observation of birth of potential exoplanet with Wikinews',
    ),
    wikinews('can bacteria live without oxygen', hydrogen),
    wikinews('bone tools made of ribs', neanderthals),
    wikinews(
      'prime minister apologised for idiot economy minister',
      'Prime Minister of Slovakia Igor Matovič tests positive for COVID-19',
    ),
    wikinews(
      'chess player banned for not wearing headscarf',
      'Iranian International Master Dorsa Derakhshani discusses her chess career with Wikinews',
    ),
    wikinews(
      'native americans collecting ballots on reservations',
      'Native American groups sue US state of Montana over ballot law',
    ),
    wikinews(
      'people killed at funeral of iranian general',
      'Stampede during funeral procession of Qasem Soleimani causes deaths, delays burial',
    ),
    wikinews(
      'vape store owner running in by-election',
      'Wikinews interviews Craig Farquharson, Liberal Democrat candidate for 2020 Groom by-election',
    ),
  ],
  names: [
    id('Harun Mahesa', 'Bupati Temui Nelayan soal Larangan Pukat'),
    id('selvi anggraeni cedera', 'Ganda Putri Lembayung Juarai Turnamen Bulu Tangkis'),
    id('kilometer 72', 'Longsor Putuskan Jalan Tol Pegunungan'),
    id('412 keluarga', 'Banjir Rob Rendam Tiga Kampung Nelayan'),
    id('24.500 penonton', 'Stadion Gelora Merpati Ditutup untuk Renovasi'),
    id('dokter yulita pangaribuan', 'Imunisasi Polio Massal Digelar di Kepulauan Anggrek'),
    id('gunadi prasojo banding', 'Mantan Ketua Koperasi Divonis Enam Tahun'),
    id('suku bunga 4,25 persen', 'Bank Sentral Pertahankan Suku Bunga'),
    id('idris malaka 214 suara', 'Suara Pilkada Kota Banjaran Dihitung Ulang'),
    wikinews('flight 1344', 'Passenger flight crashes upon landing at Calicut airport in India'),
    wikinews('HR 6819', 'Astronomer tells Wikinews about discovery of closest black hole known so far'),
    wikinews('R0 measles influenza', 'COVID-19 may spread like flu, say scientists'),
    wikinews('republic act 7966', "Philippines' largest television network shut down by government"),
    wikinews('samoa 5667 cases', 'Samoan government ends state of emergency over measles outbreak'),
    wikinews('biden 279 electoral votes', 'Joe Biden projected US president-elect'),
    wikinews('behnken falcon 9', 'SpaceX successfully launches its first crewed spaceflight'),
    wikinews('Nkurunziza', 'Burundi President Pierre Nkurunziza dies aged 55'),
    wikinews(
      'tsikhanouskaya minsk',
      'Belarussian opposition presidential candidate Sviatlana Tsikhanouskaya holds major rally in Minsk',
    ),
    wikinews('matovic', 'Prime Minister of Slovakia Igor Matovič tests positive for COVID-19'),
    wikinews('vucic lockdown', 'Serbian protesters try to storm Parliament; fourth day of protests'),
    wikinews('erdogan turkstream', 'Cairo summit denounces Turkish-Libyan maritime border agreement'),
    wikinews('boeing 737 tehran', "Iran admits downing Ukrainian jet, cites 'human error'"),
    wikinews(
      'caloundra wynnum 45',
      'Caloundra defeat Wynnum in fourth round of 2020 Sunshine Coast Rugby Union season',
    ),
    wikinews(
      'rittenhouse $2 million bond',
      'Suspect in Kenosha, Wisconsin protester killings released from jail on US$2 million bond',
    ),
    wikinews('WHO declares pandemic', 'World Health Organization declares COVID-19 pandemic'),
    wikinews('H1N1 swine flu', 'World Health Organization names new coronavirus COVID-19'),
  ],
  phrase: [
    id('"rumah sakit terapung"', 'Rumah Sakit Terapung Obati Warga Pulau'),
    id('"kabar bohong" vaksin', 'Imunisasi Polio Massal Digelar di Kepulauan Anggrek'),
    id('"lahar dingin"', 'Letusan Gunung Sengkala Tutup Bandara Dua Hari'),
    id('"bahasa ibu"', 'Dongeng Anak Diterjemahkan ke Bahasa Daerah'),
    id('"suku bunga acuan"', 'Bank Sentral Pertahankan Suku Bunga'),
    id('"pasar loak"', 'Film Pendek Mahasiswa Tembus Festival di Lisbon'),
    id('"kotak suara"', 'Pesawat Perintis Tergelincir di Landasan Rumput'),
    en('stocks "central bank"', 'Stocks drift lower'),
    wikinews('"state of emergency" samoa', 'Samoan government ends state of emergency over measles outbreak'),
    wikinews('"null and void"', ...border),
    wikinews('"human error" iran', "Iran admits downing Ukrainian jet, cites 'human error'"),
    wikinews('"president of law and order"', 'On the campaign trail in the USA, June 2020'),
    wikinews('"open heart surgery"', 'South London police officer Matt Ratana shot in custody centre'),
    wikinews('"friend to all and enemy to none"', 'Sultan Qaboos of Oman dies'),
    wikinews(
      '"running mate will be a woman"',
      'Biden announces Kamala Harris as 2020 running mate in US presidential race',
    ),
    wikinews(
      '"stop the steal"',
      'Conservative groups hold rally in Washington D.C. claiming U.S. elections were stolen from President Trump',
    ),
  ],
  short: [
    id('banjir', 'Banjir Rob Rendam Tiga Kampung Nelayan'),
    id('kebakaran', 'Kebakaran Hanguskan 120 Kios Pasar Rakyat', 'Kabut Asap Kebakaran Gambut Ganggu Penerbangan'),
    id('harimau', 'Harimau Masuk Kampung, Kambing Warga Dimangsa'),
    id(
      'kereta',
      'Kereta Bandara Mulai Diuji Coba',
      'Kabel Sinyal Dicuri, Jadwal Kereta Kacau',
      'Kereta Malam ke Solo Ditambah',
    ),
    id('suara', 'Suara Pilkada Kota Banjaran Dihitung Ulang'),
    id('longsor', 'Longsor Putuskan Jalan Tol Pegunungan', 'Longsor di Lereng Gunung'),
    id('pengungsi', 'Perahu Pengungsi Terdampar di Pantai Ujong Kareung'),
    id('kopi', 'Kopi Lereng Tambora Diekspor ke Jepang'),
    id('mahasiswa', 'Mahasiswa Tolak Kenaikan Uang Kuliah', 'Film Pendek Mahasiswa Tembus Festival di Lisbon'),
    id('kapal karam', 'Keramik dari Kapal Karam Dipamerkan'),
    id('guru', 'Ribuan Guru Honorer Menunggu Pengangkatan', 'Satu Guru Mengajar Enam Kelas di Perbatasan'),
    id('sampah', 'Relawan Angkat Tujuh Ton Sampah dari Sungai Ciberang'),
    id('bandara', 'Kereta Bandara Mulai Diuji Coba', 'Letusan Gunung Sengkala Tutup Bandara Dua Hari'),
    id('pemilihan', 'Suara Pilkada Kota Banjaran Dihitung Ulang', 'Petani Muda Terpilih Menjadi Kepala Desa'),
    id('sopir', 'Sopir Angkot Mogok, Ribuan Pelajar Berjalan Kaki'),
    id('pasar', 'Kebakaran Hanguskan 120 Kios Pasar Rakyat', 'Pasar Terapung Ramai Lagi'),
    id('gempa', 'Gempa Guncang Pesisir'),
    id('museum', 'Kapal Tua Jadi Museum', 'Keramik dari Kapal Karam Dipamerkan'),
    wikinews(
      'soleimani',
      'United States military kills Qasem Soleimani',
      'Stampede during funeral procession of Qasem Soleimani causes deaths, delays burial',
    ),
    wikinews('navalny', ...navalny),
    wikinews(
      'earthquake',
      'Seismic activity continues to shake Puerto Rico with 5.2 quake',
      'Turkish government stops search of survivors of Aegean Sea earthquake off Izmir',
    ),
    wikinews(
      'helicopter crash',
      'Former basketball player Kobe Bryant dies in helicopter crash, aged 41',
      'Power firm helicopter strikes cables, crashes near Fairfield, California',
    ),
    wikinews(
      'wrestler',
      'Japanese professional wrestler and Netflix star Hana Kimura dies aged 22',
      'US professional wrestler Jon Huber dies aged 41',
    ),
    wikinews(
      'mathematician',
      'English mathematician John Horton Conway dies after contracting COVID-19',
      'British mathematician Richard K. Guy dies at 103',
    ),
    wikinews('measles', 'Samoan government ends state of emergency over measles outbreak'),
    wikinews(
      'abortion',
      'Argentine president Fernández to send bill legalising abortion to National Congress within 10 days',
    ),
    wikinews('frogs', 'Florida frog skull survey shows spikes, say scientists'),
    wikinews('kamala harris', 'Biden announces Kamala Harris as 2020 running mate in US presidential race'),
    wikinews('super tuesday', 'Bloomberg, Warren end US presidential campaigns following Super Tuesday'),
    wikinews('impeachment', 'U.S. House to decide on submitting articles of impeachment to Senate'),
    wikinews('turkey earthquake', 'Turkish government stops search of survivors of Aegean Sea earthquake off Izmir'),
    wikinews(
      'hijab',
      'Zara Kay tells Wikinews about her non-profit organisation Faithless Hijabi',
      'Iranian International Master Dorsa Derakhshani discusses her chess career with Wikinews',
    ),
    wikinews(
      'fentanyl',
      '11-month old baby finds illegal drugs in playground in British Columbia, Canadian police report',
    ),
    wikinews('linux', ...redHat),
    wikinews('train crew', ...womenOnTrain),
    wikinews('elephant', 'Suspect arrested in death of elephant in Kerala, India that ate explosive fruit'),
    wikinews(
      'rugby',
      'Caloundra defeat Maroochydore in third round of 2020 Sunshine Coast Rugby Union season',
      'Caloundra defeat Wynnum in fourth round of 2020 Sunshine Coast Rugby Union season',
      'University defeat Maroochydore in round five of 2020 Sunshine Coast Rugby Union season',
    ),
    wikinews('poison', ...navalny),
    wikinews(
      'basketball',
      'Former basketball player Kobe Bryant dies in helicopter crash, aged 41',
      'National Basketball Association suspends season due to COVID-19 concerns',
    ),
    wikinews('antarctica', 'Chilean authorities report first COVID-19 outbreak in Antarctica'),
  ],
}

export const judged: readonly Judged[] = (Object.keys(kinds) as Kind[]).flatMap((kind) =>
  questions[kind].map((question) => ({ kind, ...question })),
)
