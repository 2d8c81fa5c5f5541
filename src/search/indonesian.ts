import { stemmer as snowball } from '@orama/stemmers/indonesian'

/**
 * The stem of an Indonesian word: the root that its affixes were put on. Snowball (Tala) has no dictionary and takes
 * menteri for me- + teri, so this knows the roots of news text: of all the ways in which a word can be a known root
 * with affixes, the one with the longest root is right (memakan is makan, not akan), and of two equally long ones the
 * one with the longer ending (berikan is beri + -kan, not ber- + ikan). Snowball is asked about the rest.
 */
export function stemIndonesian(word: string): string {
  const plain = withoutEnclitics(word)
  for (const form of plain) if (names.has(form)) return form
  const found = (isVerb.test(word) && longestRoot(plain, ['kan', 'i'])) || longestRoot(plain, ['kan', 'an', 'i'])
  return stems.get(found) ?? loanWord.exec(word)?.[1] ?? guess(word)
}

/** The word without -lah, -kah, -tah or -pun, and without -ku, -mu or -nya before that; the shortest first. */
function withoutEnclitics(word: string): string[] {
  const noParticle = withoutEnding(word, ['lah', 'kah', 'tah', 'pun'])
  return [...noParticle, word].flatMap((form) => [...withoutEnding(form, ['nya', 'ku', 'mu']), form])
}

/** di- and me- do not go with -an: dibekukan is beku + -kan, not bekuk + -an. Only if that gives no root, it may. */
const isVerb = /^(?:di|me)/

function longestRoot(forms: readonly string[], suffixes: readonly string[]): string {
  let found = ''
  for (const form of forms.flatMap((form) => [...withoutEnding(form, suffixes), form])) {
    const root = findRoot(form, deepest)
    if (root.length > found.length) found = root
  }
  return found
}

function withoutEnding(word: string, endings: readonly string[]): string[] {
  return endings
    .filter((ending) => word.length - ending.length >= shortest && word.endsWith(ending))
    .map((ending) => word.slice(0, -ending.length))
}

/** No root is shorter, and no word has more prefixes: sepengetahuan is se- + peng- + ke- + tahu + -an. */
const shortest = 3
const deepest = 3

/** The longest known root in a form with no more than so many prefixes; '' when there is none. */
function findRoot(form: string, layers: number): string {
  if (stems.has(form)) return form
  if (layers === 0 || form.length < shortest + 2) return ''
  let found = ''
  for (const [prefix, before, swallowed] of prefixes.get(form.slice(0, 2)) ?? []) {
    if (!form.startsWith(prefix)) continue
    const rest = form.slice(prefix.length)
    if (rest.length < shortest - swallowed.length || !before.test(rest)) continue
    const root = findRoot(swallowed + rest, layers - 1)
    if (root.length > found.length) found = root
  }
  return found
}

/**
 * A prefix, what it stands before, and the letter that it has swallowed there: me- and pe- turn p t k s into m n ng ny
 * before a vowel. Of two equally long roots the first counts: memakan is me- + makan before mem- + pakan.
 */
type Prefix = readonly [prefix: string, before: RegExp, swallowed: string]

const prefixes: ReadonlyMap<string, readonly Prefix[]> = new Map([
  ['di', [['di', /^/, '']]],
  ['ke', [['ke', /^/, '']]],
  ['se', [['se', /^/, '']]],
  ['be', rolling('be')],
  ['te', rolling('te')],
  ['pe', [...rolling('pe'), ['pe', /^[^aeiou]/, ''], ...nasal('pe')]],
  ['me', [['me', /^[lrwymn]/, ''], ...nasal('me')]],
])

/** ber-, ter- and per- lose their r before another one (berenang), and before a syllable with one (bekerja). */
function rolling(start: string): Prefix[] {
  return [
    [`${start}r`, /^[^r]/, ''],
    [start, /^(?:r|[^aeiou]er)/, ''],
    [`${start}l`, /^ajar/, ''],
  ]
}

/** Before a root of one syllable it is menge- and penge-: mengecek, pengesahan. */
function nasal(start: string): Prefix[] {
  return [
    [`${start}m`, /^[bfpv]/, ''],
    [`${start}m`, /^[aeiour]/, 'p'],
    [`${start}n`, /^[cdjstz]/, ''],
    [`${start}n`, /^[aeiou]/, 't'],
    [`${start}ng`, /^[aeioughkq]/, ''],
    [`${start}ng`, /^[aeiou]/, 'k'],
    [`${start}ny`, /^[aeiou]/, 's'],
    [`${start}nge`, /^[^aeiou]{1,2}[aeiou]{1,2}[^aeiou]+$/, ''],
  ]
}

/**
 * Loan words whose -i is no suffix; too many to list, and new ones come every year: mengapresiasi, berkolaborasi,
 * pengalokasian. Those that lose a letter (koordinasi) or begin like a prefix (diskriminasi) are among the roots.
 */
const loanWord = new RegExp(
  '^(?:di(?!s[^aeiou])|ber|ter|[mp]em(?=[bfpv])|[mp]en(?=[cdjstz])|[mp]eng(?=[aeioughk])|me(?=[lrwym]|n[aeiou]))?' +
    '([a-z]{3,}(?:[aeiouklnpr]si|logi|grafi|isme))(?:k?an)?(?:nya)?$',
)

/**
 * Snowball's answer for an unknown word, unless that is hardly a root: the word may be a foreign name. -i without di-
 * or me- is more often the end of a name or a loan word (januari, yunani), and so are -lah in Abdullah and -an in
 * Pakistan and Gunawan.
 */
function guess(word: string): string {
  if (/...nya$/.test(word)) return guess(word.slice(0, -3))
  if (/(?:ii|llah|stan|wan)$/.test(word) || (word.endsWith('i') && !isVerb.test(word))) return word
  const root = snowball(word)
  return root.length > shortest && likelyRoot.test(root) ? root : word
}

const likelyRoot = /^(?:[bdfgkpst][lr]|kh|n[gy]|s[kptwy]|[^aeiou])?[aeiou][^aeiou]*[aeiou]/

/**
 * Roots that affixes are taken off to find, and words that merely look as if they had some (menteri, halaman). What
 * Snowball finds by itself is left out: most roots that begin with neither k nor t.
 */
export const roots: readonly string[] = list(`
  abad abadi abai abdi acu ada adalah adapun adegan adil adopsi adu ahli air ajak ajar aju akses aksi aktivis
  aktivitas aku akui akuisisi alam alami alasan amal aman amat ambisi ampun amuk analisis andai anjak antisipasi antre
  apa apakah api aplikasi apotek arah arti asah asal asas asasi asli asosiasi asuransi atap atas ataupun atlet awak
  awal awam awan awas
  babak bagai bagaimana bagaimanapun bagi bagian bahas bahwa baik baja bajak bakti baku balas balik banding bangga
  bangsa bank bantai bantaran banyak baris basis basmi batang batas batu bau bayang bebas beber beberapa beku bekuk
  belah belakang belas beli belok benar benci bengkak bentrok bentuk berandal berangkat berani berantakan berantas
  berapa berat berbagai berdasarkan berhala berhasil beri berita beritahu berkah berkas berkat berlaku berlian
  berondong berontak bersalin bersama bersih beruang besar beserta betul biak bidik bikin bingkai bisa bisnis blok bom
  bor boros budak bujuk buka bukti buku bulan bulu bumi bungkus bunyi bupati buru buruk busuk
  cabai cabik caci cantik cap capai cara cari cat cek cekcok cekik celah cemas cepat cerai cerdas cermat cetak cetus
  coblos cocok colok corak cuci cukup culik curi
  dadak daki dalam damai dampak darah daun daya delapan delegasi demikian demonstran demonstrasi depan derajat deret
  desa desak detail deteksi diabetes diagnosis diagram dialek dialog diam diameter diaspora didik diesel diferensiasi
  digital digitalisasi diktator dilema dimana dinamika dinamis dinamisasi dinamit dinamo dinas dinasti dingin diploma
  diplomasi diplomat direktorat direktur diri diseminasi disertasi disinformasi disintegrasi disiplin diskusi
  distribusi diversifikasi divestasi dividen divisi doa dobrak dolar dominan domisili dongkrak dua duduk dunia duri
  durian
  eja ejek ekonomi ekor eksekusi eksplorasi ekspor ekstremis elak eliminasi emas embus empat endemi energi entas
  epidemi erat esok evakuasi evaluasi
  fasilitas federasi film fokus fungsi
  gadai gagas gaji galak gali gambar ganas ganti gantung garis gas gebrak gegas gejolak gemuk gengsi gerai gerak
  gerebek gerus gesek gigi gizi gol golak gores gugus guncang
  habis hadap hafal hak hakikat hal halaman halang haluan hangus hapus harga hari harus hasil hati hela hendak henti
  hias himpun hindar hitung hubung huni
  ibu ikut ilmu imbang imbas imbau impi impor indikasi induk industri infeksi informasi ingat ingin ini injak insan
  instruksi intai interaksi investasi iring isap isi islam isolasi istilah istri isu itu iur izin
  jadi jadwal jajak jalan jamu janji jarak jauh jebak jejak jelas jelek jemaah jembatan jenak jenderal jenguk jenis
  jijik jinak judi juli juluk jumlah jurnalis jurus juta
  kabar kabinet kabul kabupaten kabur kabut kacau kader kafir kagum kaisar kait kaji kaki kala kalah kalangan kali
  kalian kalibrasi kalung kalut kampanye kampung kampus kandung kantong kantor kantuk kapal kapasitas kapling karakter
  karang karantina karat karena karier karya karyawan kasar kasasi kasih kasihan kasur kasus kata kategori kaum kawal
  kawan kawasan kawin kaya kayu kayuh keadaan kebajikan kebal kebaya kebijakan kebiri kebun kebut kecam kecap kecewa
  kecil kecoh kecuali kecup kediaman kedip kejadian kejam kejar kejari keji kejut kekal kekang kekasih kelabu kelabui
  kelahi kelamin kelana kelapa kelas kelelawar kelenjar kelenteng keliling keliru kelola kelompok keluar keluarga
  keluh kemah kemana kemarau kemarin kemas kembali kembang kembar kembara kemeja kemenag kemenhub kemenkes kemenkeu
  kemenlu kemis kemplang kemudi kemudian kemuka kena kenal kenan kenang kenapa kencan kencang kendala kendali kendara
  kendur kental kentara kenyam kenyang kepada kepak kepal kepala keping kepiting keponakan kepung kerabat kerah
  keramat keramik kerangka keranjang kerapu keras keraton kerdil kereta kering keringat kerja kerling keroyok kertas
  kerucut keruh keruk kerumun kerupuk kerut kesal kesan kesempatan ketat ketik ketika ketimbang ketok ketua ketuk
  ketupat kewalahan khusus kibar kibas kibul kicau kikis kilah kilas kilau kimia kinerja kini kipas kira kirim kisah
  kisar klarifikasi klik klinik klub koalisi kobar kocok kode kokoh kolaborasi koleksi kolusi komandan komando
  kombinasi komentar komersial komisi komite komitmen komoditas kompak kompas kompensasi kompetisi komplain kompleks
  komplot kompos komposisi kompromi komunikasi komunitas kondisi konferensi konfirmasi konflik kongres konkret
  konsentrasi konsep konser konsesi konsolidasi konstitusi konstruksi konsultan konsultasi konsumsi kontak kontaminasi
  kontrak kontribusi kontrol konvensi konversi kooptasi koordinasi kopi koran korban korek koreksi korelasi korupsi
  kosong kostum kota kotor koyak kreasi kritik kuak kualitas kuasa kuat kubu kubur kucil kucur kuda kudeta kukuh
  kuliah kulit kumandang kumpul kumuh kunci kungkung kuning kunjung kuno kuntit kunyah kupas kuping kurang kuras
  kurban kurir kursi kurung kutip kutuk
  labrak lacak laku lalai lambat lampau lancar landai landas langkah lanjut lantai lantaran lantik lapis lari lawak
  lawan layak layan lebar lebaran lebih ledak lelah lemah lembap lepas lerai lestari letak letus lewat liar libat
  licik licin lihat lima lindung lintas lirik listrik lokasi lolos longgar lonjak luas lukis lulus lumayan lunak lunas
  maaf mabuk macam macet magang mahasiswa mahir mahkamah mahkota main majalah majikan maju makalah makam makan maki
  maklum makmur makna maksimal maksud malah malam malang malas malu mampu mana mandat mandi mandiri manfaat mangkir
  mangsa manis manja mantap manusia manuver marah markas masa masak masalah masjid masuk masyarakat mata materi mati
  mau maupun mayoritas medali media median mediasi medis megah mekanik mekanika mekanis mekar mekkah melainkan melaka
  melalui melarat meleset melodi memadai memang memori menang menantu mendiang menengah mengapa mengenai mengenaskan
  mengerti menstruasi mentah mental menteri menu menurut merah merdeka merek mereka meriah meriam merosot mertua
  merupakan mesin meskipun mesra mesti meteor meter metode metropolitan mewah migrasi miliar milik militan militer
  mimpi minat minggu minim minimal minoritas minta minum minyak mirip miskin mitra modal modern modifikasi moga mogok
  mohon monitor monopoli moral motif motor muak muara muat muda mudah mudik muka mukim mula mulai mulia mulus muncul
  mundur mungkin murah murni musala musik musim musnah musuh musyawarah mutasi mutu
  nada nafkah naik nakal nalar nama nanti napas narkoba nasib nasihat nasional naskah naung negara negeri negosiasi
  nekat nelayan netral ngeri niaga niat nikah nikmat nilai nista nobat nomor nonaktif november nuansa nuklir nyala
  nyaman nyanyi nyata nyawa nyonya
  objek olah operasi optimal orang organisasi orientasi
  pabean pabrik padu paham pajak pakai pakistan paku panas pandai pandemi pangeran pangkas pangku panik panjang pantas
  parah parlemen partai partisipasi paruh pasang pasangan pasok pasti pasukan patok patroli patuh patungan patut paus
  pawai pecah pecat pedalaman pedoman peduli pegang pegawai peka pekan pekarangan pekik pelaku pelihara pelopor
  pelosok peluang peluit peluk peluru pematang pemilu pemirsa pemuda pemuka penasaran pencaharian pencil pendapat
  pendapatan pendek pendekar pendeta penduduk pengacara pengadaan pengadilan pengantin pengaruh penggal penghulu
  penjara penjuru pensi pensiun pental pentas penting penuh penyakit perabot peraga perahu perak peran perang
  perangkap perangkat perantara peras percaya percuma perdana perdata perempatfinal perempuan performa pergi pergok
  perhati perih perihal periksa perilaku peringkat perintah periode peristiwa perkara perkasa perkosa perkusi perlahan
  perlu permanen permata permen peroleh pers persegi persentase persepsi persero perseroan personal personel
  perspektif pertahanan pertalite pertama pertamax pertamina peruntuk perusahaan perwira pesan pesantren pesawat
  peserta pesiar pesimis pesisir pesona pesta peta petahana petaka petang petasan petik petinggi petir petrokimia
  pihak pijak pikir pilah pilkada pimpin pintu polemik polisi polusi populer poros porsi pos posisi potensi praktik
  prancis prediksi prestasi pria pribadi prioritas produksi profesi program promosi properti proses prosesi protes
  provinsi provokasi proyek proyeksi puas publik publikasi pucuk puji puluh puncak punya pupuk pupus puruk putar putri
  putus
  racik racun radang radikal ragam ragu rahasia raih raja rajin rajut rakit rakyat ramadan ramah ramai ramal rambah
  rambat rambut rambutan rampas rampok rampung ramu rancang rangkai rangkak rangkap rangkul rangkum rangsang rantai
  rantau rapat rapuh rasa rasuk rata ratap ratus raup rawan rawat raya rayu razia reaksi realisasi rebak rebut reda
  redam refleksi regang regu rekam rekan rekat rekening rekonstruksi rekor rekreasi rekrut rela relawan relevan
  relokasi rem remaja renang rencana rendah rendam renggang renggut rengkuh renovasi rentan rentang repot republik
  republikan resah resap resesi resmi resolusi respon respons restoran retak retas revisi rezeki riak rias ribu ribut
  ricuh rilis rinci rindu ringan ringkas ringkus rintang rintis risau riset risiko robek roboh roda rokok rombak
  rombong rompak rontok rotasi ruang rugi rujuk rukun rumah rumit rumpun rumus runding rundung runtuh runtun rupa
  rusak rusuh
  saat sah saji saksi sakti salah salat sama sampai samping sandi sangsi sanitasi santai sarapan sarasehan sastra
  saudara sebagai sebagian sebarluas sebelah seberapa sebuah sedangkan sedekah sedia seekor segala segera sehat
  sejajar sejak sejati sejuk sejumlah sekadar sekali sekalipun sekarang sekian sekolah sekretaris sekutu selain selaku
  selalu selama selancar selatan selebaran seleksi selesai selidik semai semata sembilan sembunyi sempit senapan
  sendiri seni seniman sensasi sentralisasi senyawa seolah seorang sepak sepakat sepasang seperti sepertinya sepi
  seragam serakah serasi seraya serentak serius sertifikasi sesuai sesuatu setel setelah setengah setiap setidaknya
  setuju sia siaga siap sibuk sidik signifikan silakan silaturahmi silsilah simak simpati simulasi sinambung sinergi
  singkat sini sistem siswa situasi sorak sosialisasi spekulasi standardisasi statistik status strategi struktur studi
  suami subjek subsidi suci suksesi suku sulit sumatra sungguh suntik sunyi suplai survei syair
  taat tabrak tabung tabur tadah tafsir tagih tahan tahap tahbis tahta tahu tahun tajam tajuk takar takdir takjub
  takluk taksir takut takwa talang tali tamat tambah tambal tambang tambat tampak tampar tampik tampil tampung tamu
  tanah tanam tancap tanda tandang tandas tandatangan tanding tandu tanduk tangan tanggal tanggap tangguh tanggul
  tanggulang tanggung tanggungjawab tangis tangkal tangkap tangkar tangkas tangkis tani tanjak tanpa tantang tanya
  tapak tapis taraf target tari tarif tarik taruh tarung tata tatap tatar taut tawa tawan tawar tawur tayang tebak
  tebal tebang tebar tebas tebing tebus teduh tegak tegang tegar tegas teguh teguk tegur tekad tekan teknik teknologi
  tekuk tekun telaah teladan telan telanjang telantar telat telepon televisi telikung telinga teliti teluk telur
  telusup telusur tema teman tembak tembok tembus tempa tempat tempel tempeleng tempuh tempur temu tenaga tenang tenar
  tendang tender tengah tengara tenggak tenggelam tengkar tengok tentang tentara tenteram tentu tenun teori tepat tepi
  tepis tepuk tera terampil terang terap terapi terawang terbang terbit terdapat terdiri terhadap teriak terima
  teritorial terjang terjemah terjun terka terlalu termasuk terminal terminologi ternak terobos teropong teror
  terowong terpa tersangka tersebut tertentu tertib terumbu terus terutama tes tetangga tetap tetapi tetas tetes tewas
  tiada tiba tidur tiga tikai tikam tiket tikung tilang tilap tilik tim timah timang timba timbang timbul timbun timpa
  timpal timpang timpuk timur tindak tindaklanjut tindas tindih tinggal tinggi tingkah tingkat tinjau tinju tipe tipis
  tipu tiru titah titik titip tiup todong tokoh tol tolak toleransi tolong tombak tombok tonjok tonjol tonton topang
  topik toreh total tradisi tragedi transaksi transisi transparan transportasi triwulan truk tua tuai tualang tuan
  tuang tubruk tubuh tuding tuduh tugas tuju tujuh tukang tukar tukik tular tuli tulis tulus tumbang tumbuh tumbuk
  tumis tumpah tumpang tumpas tumpu tumpuk tumpul tunai tunang tunas tunda tunduk tunggak tunggal tunggang tunggu
  tunjang tunjuk tuntas tuntun tuntut turis turun turut tusuk tutup tutur
  uap ubah ujaran uji ulah ulas umur undi ungsi unik unjuk untuk urai urung urus usai usik ustaz utang utus
  vaksinasi varian variasi verifikasi vonis
  wajar wajib waktu walaupun waris wartawan waspada wawas wenang
  yakin yayasan
  zaman zina
`)

/**
 * Names that would lose what looks like an affix. They take none, or berusia might be be- + rusia instead of
 * ber- + usia.
 */
const names: ReadonlySet<string> = new Set(
  list(`
  azerbaijan balangan balikpapan bangkalan begawan berau bulungan china diponegoro erdogan grobogan jokowi kalimantan
  katingan kebayoran kebumen kediri kemayoran kerinci ketapang kuantan kuningan labuan lamongan magetan maluku
  manhattan medina megawati melayu mentawai merapi meratus merauke mexico michigan nunukan pacitan pamekasan
  pangandaran pariaman pasuruan pekalongan pekanbaru pemalang pematangsiantar penajam persebaya persiba persija
  persipura petersburg ragunan ramallah sekayu senayan sepaku tabanan taliban tarakan teheran ternate vatikan
`),
)

/**
 * Other words for the same stem: old and mistaken spellings, loan words of one family, and forms whose longest root is
 * a wrong one. They take affixes like roots.
 */
const relatives = list(`
  aktifitas=aktivitas aktivisme=aktivis alamiah=alam analisa=analisis antri=antre apotik=apotek atlit=atlet azas=asas
  bahwasanya=bahwa bebatuan=batu beramal=amal berapi=api beratap=atap berawan=awan berekor=ekor cabe=cabai
  dedaunan=daun detil=detail diadili=pengadilan dollar=dolar eksportir=ekspor ekstremisme=ekstremis faham=paham
  fasilitasi=fasilitas fikir=pikir goncang=guncang hakekat=hakikat hapal=hafal hembus=embus himbau=imbau hisap=isap
  hutang=utang ijin=izin importir=impor isteri=istri jadual=jadwal jamaah=jemaah jaman=zaman jendral=jenderal
  jurnalisme=jurnalis jurnalistik=jurnalis karir=karier karyawati=karyawan kerjasama=kerja komoditi=komoditas
  konkrit=konkret korup=korupsi koruptor=korupsi kwalitas=kualitas lembab=lembap mahasiswi=mahasiswa makkah=mekkah
  mekah=mekkah membagikan=bagi mengadili=pengadilan mengaku=akui mengawali=awal mengurungkan=urung mentri=menteri
  merk=merek mesjid=masjid metoda=metode mushala=musala mushola=musala musholla=musala nafas=napas nampak=tampak
  nasehat=nasihat nopember=november obyek=objek pemasangan=pasang pemasukan=masuk pembagian=bagi pemudi=pemuda
  pendudukan=duduk pengakuan=akui pengalaman=alami pengawasan=awas pengertian=mengerti pengrajin=rajin penyair=syair
  peradilan=pengadilan perancis=prancis perinci=rinci persalinan=bersalin perseorangan=orang personil=personel
  praktek=praktik propinsi=provinsi puteri=putri radikalisme=radikal ramadhan=ramadan rejeki=rezeki reruntuhan=runtuh
  resiko=risiko rubah=ubah saudari=saudara sekedar=sekadar sekertaris=sekretaris shalat=salat sholat=salat
  siapsiaga=siaga silahkan=silakan sistim=sistem siswi=siswa standarisasi=standardisasi subyek=subjek
  sukarelawan=relawan sumatera=sumatra susastera=sastra susastra=sastra tauladan=teladan telpon=telepon
  tentram=tenteram teroris=teror terorisme=teror trampil=terampil ustad=ustaz ustadz=ustaz wartawati=wartawan
  zinah=zina
`)

const stems: ReadonlyMap<string, string> = new Map([
  ...roots.map((root) => [root, root] as const),
  ...relatives.map((pair) => {
    const [word = '', stem = ''] = pair.split('=')
    return [word, stem] as const
  }),
])

function list(words: string): string[] {
  return words.trim().split(/\s+/)
}
