/**
 * Stories that the quality of search is judged on, beside the pasted copy of test/fixtures/copy. All of them are invented:
 * their people, parties, firms and events. Each is of 60 to 120 words, as long as an agency's short report, and several share a subject
 * (floods, elections, strikes, fires), so that what is found has to be told apart.
 */
export interface Story {
  title: string
  deck?: string
  /** the day it was published */
  date: string
  paragraphs: readonly string[]
}

export const stories: readonly Story[] = [
  {
    title: 'Banjir Rob Rendam Tiga Kampung Nelayan',
    deck: 'Warga Karangwuni mengungsi ke balai desa untuk kedua kalinya tahun ini.',
    date: '2019-01-14',
    paragraphs: [
      'Air laut pasang merendam tiga kampung di Kecamatan Karangwuni sejak Senin malam. Ketinggian air mencapai pinggang orang dewasa dan memutus jalan menuju dermaga.',
      'Sebanyak 412 keluarga mengungsi ke balai desa dan dua masjid. Petugas membagikan selimut, makanan siap saji, dan popok bayi. "Perabot kami hanyut semua," kata Sumiyati, pedagang ikan asin yang rumahnya berada di tepi tanggul.',
      'Tanggul yang dibangun empat tahun lalu itu jebol di dua titik. Dinas pekerjaan umum berjanji menambalnya dengan karung pasir sebelum pasang berikutnya, sementara nelayan diminta tidak melaut sampai gelombang mereda.',
    ],
  },
  {
    title: 'Harga Beras Naik Menjelang Paceklik',
    date: '2019-02-03',
    paragraphs: [
      'Harga beras di pasar-pasar Kabupaten Sidomukti naik dari sebelas ribu menjadi tiga belas ribu rupiah per kilogram dalam dua minggu. Pedagang menyebut pasokan dari penggilingan berkurang karena panen mundur.',
      'Badan logistik daerah membuka gudangnya dan menjual delapan puluh ton beras dengan harga murah di halaman kantor kecamatan. Setiap pembeli dibatasi sepuluh kilogram dan wajib menunjukkan kartu keluarga.',
      'Ibu rumah tangga mengantre sejak pukul lima pagi. "Kalau harus menunggu panen, anak-anak makan singkong dulu," ujar Warsinah. Pemerintah kabupaten memperkirakan harga kembali normal pada akhir Maret.',
    ],
  },
  {
    title: 'Petani Muda Terpilih Menjadi Kepala Desa',
    date: '2019-03-19',
    paragraphs: [
      'Lasmini, petani kentang berusia 27 tahun, terpilih menjadi kepala Desa Wonosepi dengan selisih sembilan suara. Ia mengalahkan dua calon lain, salah satunya kepala desa yang telah menjabat dua periode.',
      'Pemungutan suara berlangsung di lapangan bola dan diikuti hampir seluruh warga. Penghitungan diulang satu kali karena panitia menemukan surat suara yang terlipat ganda.',
      'Lasmini berjanji membuka catatan keuangan desa setiap bulan dan memperbaiki saluran irigasi. "Saya tidak membagikan uang, hanya mengetuk pintu satu per satu," katanya. Pelantikan dijadwalkan bulan depan oleh bupati.',
    ],
  },
  {
    title: 'Bupati Temui Nelayan soal Larangan Pukat',
    date: '2019-04-08',
    paragraphs: [
      'Bupati Tanjung Lengkuas, Harun Mahesa, bertemu ratusan nelayan di tempat pelelangan ikan pada Minggu sore. Pertemuan itu membahas larangan pukat harimau yang berlaku sejak awal bulan.',
      'Nelayan meminta waktu satu tahun untuk mengganti alat tangkap. Mereka mengatakan jaring baru terlalu mahal dan bantuan yang dijanjikan pemerintah belum datang.',
      'Bupati menolak menunda aturan itu, tetapi menawarkan pinjaman tanpa bunga melalui koperasi. "Terumbu karang kita sudah rusak. Kalau dibiarkan, cucu kita tidak akan melihat kerapu lagi," ujarnya. Kesepakatan akan ditandatangani pekan depan setelah perwakilan sembilan belas kelompok bermusyawarah.',
    ],
  },
  {
    title: 'Kereta Bandara Mulai Diuji Coba',
    deck: 'Perjalanan dari pusat kota ke terminal hanya memakan waktu 28 menit.',
    date: '2019-05-21',
    paragraphs: [
      'Kereta yang menghubungkan pusat Kota Manggarai Baru dengan bandara mulai diuji coba tanpa penumpang. Rangkaian pertama berangkat pukul empat pagi dan tiba tepat waktu di stasiun terminal.',
      'Operator akan menjalankan empat rangkaian listrik buatan dalam negeri, masing-masing memuat 393 orang. Tarif yang diusulkan empat puluh ribu rupiah, separuh ongkos taksi.',
      'Kepala proyek, Dimas Rangkuti, mengatakan sinyal dan pintu peron masih perlu disetel. Masyarakat dapat menjajal kereta secara gratis selama dua minggu pada bulan Juli sebelum layanan komersial dibuka.',
    ],
  },
  {
    title: 'Ribuan Guru Honorer Menunggu Pengangkatan',
    date: '2019-06-11',
    paragraphs: [
      'Lebih dari dua ribu guru honorer di Provinsi Lembayung belum juga diangkat menjadi pegawai tetap meski lulus ujian tahun lalu. Sebagian sudah mengajar lebih dari lima belas tahun dengan honor tiga ratus ribu rupiah sebulan.',
      'Perwakilan guru mendatangi kantor gubernur dengan membawa salinan hasil seleksi. Mereka diterima oleh kepala dinas pendidikan yang beralasan anggaran gaji baru tersedia pada triwulan keempat.',
      '"Murid saya sudah ada yang menjadi dosen, saya masih honorer," kata Tarmizi, guru matematika di sekolah menengah. Para guru mengancam mogok mengajar apabila surat keputusan tidak terbit sampai September.',
    ],
  },
  {
    title: 'Kebakaran Hanguskan 120 Kios Pasar Rakyat',
    date: '2019-07-27',
    paragraphs: [
      'Api melalap 120 kios di Pasar Rakyat Cendana pada Sabtu dini hari. Tidak ada korban jiwa, tetapi kerugian pedagang diperkirakan sembilan miliar rupiah menjelang hari raya.',
      'Petugas pemadam mengerahkan empat belas mobil dan baru menguasai api setelah lima jam. Lorong yang sempit dan hidran yang kering menyulitkan pemadaman. Polisi menduga sumber api berasal dari hubungan pendek arus listrik di kios kain.',
      'Wali kota menyiapkan lapangan parkir sebagai tempat berjualan sementara. Pedagang yang kiosnya terbakar dibebaskan dari retribusi selama enam bulan.',
    ],
  },
  {
    title: 'Ganda Putri Lembayung Juarai Turnamen Bulu Tangkis',
    date: '2019-08-18',
    paragraphs: [
      'Pasangan ganda putri Ratih Kumala Dewanti dan Selvi Anggraeni memenangi turnamen bulu tangkis antarprovinsi setelah mengalahkan unggulan pertama 21-18, 19-21, 21-16 di gelanggang olahraga Samudra.',
      'Keduanya tertinggal jauh pada gim penentuan sebelum merebut sembilan angka berturut-turut. Pelatih mereka, Oktavianus Lie, menyebut kesabaran di depan net sebagai kunci kemenangan.',
      'Ini gelar pertama bagi pasangan yang baru dipasangkan tujuh bulan lalu itu. Selvi sempat cedera lutut dan absen dari tiga kejuaraan. Juara mendapat piala bergilir dan hadiah tujuh puluh lima juta rupiah.',
    ],
  },
  {
    title: 'Letusan Gunung Sengkala Tutup Bandara Dua Hari',
    date: '2019-09-09',
    paragraphs: [
      'Gunung Sengkala meletus tiga kali pada Senin pagi dan menyemburkan abu setinggi enam kilometer. Bandara di kota terdekat ditutup dua hari; 47 penerbangan dibatalkan dan ribuan penumpang telantar.',
      'Warga dalam radius lima kilometer dari kawah diminta meninggalkan rumah. Abu tebal menutup ladang tembakau dan membuat siang gelap seperti malam, kata seorang camat.',
      'Pusat vulkanologi menaikkan status gunung ke tingkat tertinggi. Ahli memperingatkan bahaya lahar dingin apabila hujan turun di lereng. Masker dibagikan di sekolah-sekolah, yang diliburkan sampai Kamis.',
    ],
  },
  {
    title: 'Imunisasi Polio Massal Digelar di Kepulauan Anggrek',
    date: '2019-10-02',
    paragraphs: [
      'Sebanyak 61.000 anak di Kepulauan Anggrek akan menerima vaksin polio selama satu minggu. Kampanye digelar setelah seorang balita lumpuh dan virus ditemukan di tinjanya.',
      'Bidan dan perawat mendatangi rumah-rumah dengan perahu, membawa vaksin tetes dalam kotak pendingin. Di beberapa dusun orang tua menolak karena kabar bohong yang beredar melalui pesan berantai.',
      'Kepala dinas kesehatan, dokter Yulita Pangaribuan, mengajak tokoh agama ikut menjelaskan. "Dua tetes tidak sakit, tetapi lumpuh berlangsung seumur hidup," katanya. Putaran kedua dilaksanakan bulan depan.',
    ],
  },
  {
    title: 'Penyelundupan Burung Cenderawasih Digagalkan',
    date: '2019-11-13',
    paragraphs: [
      'Petugas karantina di Pelabuhan Teluk Mutiara menggagalkan penyelundupan 38 ekor cenderawasih yang disembunyikan dalam pipa paralon. Enam burung mati karena kehabisan udara.',
      'Dua awak kapal barang ditangkap dan mengaku dibayar lima juta rupiah untuk mengantar kiriman itu ke sebuah pulau besar. Polisi memburu pemesan yang diduga memasok kolektor di luar negeri.',
      'Burung yang hidup dirawat dokter hewan sebelum dilepasliarkan ke hutan asalnya. Perdagangan satwa dilindungi diancam penjara lima tahun. Tahun ini petugas sudah menyita lebih dari dua ratus satwa di pelabuhan yang sama.',
    ],
  },
  {
    title: 'Mantan Ketua Koperasi Divonis Enam Tahun',
    deck: 'Hakim menyatakan dana hibah untuk sapi perah dipakai membangun vila.',
    date: '2019-12-05',
    paragraphs: [
      'Pengadilan Negeri Arjosari menjatuhkan hukuman enam tahun penjara kepada Gunadi Prasojo, mantan ketua koperasi susu, karena korupsi dana hibah sebesar 4,7 miliar rupiah.',
      'Majelis hakim menyatakan uang yang seharusnya dibelikan sapi perah dipakai terdakwa untuk membangun vila dan membeli dua mobil. Ia juga wajib mengembalikan kerugian negara dalam satu bulan.',
      'Gunadi menangis saat putusan dibacakan dan menyatakan banding. Jaksa sebelumnya menuntut sembilan tahun. Para peternak yang menghadiri sidang bersorak ketika palu diketuk.',
    ],
  },
  {
    title: 'Film Pendek Mahasiswa Tembus Festival di Lisbon',
    date: '2020-01-22',
    paragraphs: [
      'Film pendek berjudul Tukang Jam karya mahasiswa institut seni terpilih untuk diputar pada festival film di Lisbon. Film berdurasi delapan belas menit itu bercerita tentang kakek pembuat jam yang kehilangan ingatan.',
      'Sutradara Bayu Kertapati, 22 tahun, merekamnya dalam empat hari dengan kamera pinjaman dan biaya enam juta rupiah. Pemeran utamanya benar-benar tukang reparasi jam di pasar loak.',
      'Panitia festival memilih tiga puluh film dari seribu lebih kiriman. Bayu sedang mengumpulkan sumbangan agar dapat berangkat ke Portugal bersama penata kameranya.',
    ],
  },
  {
    title: 'Sopir Angkot Mogok, Ribuan Pelajar Berjalan Kaki',
    date: '2020-02-17',
    paragraphs: [
      'Sopir angkutan kota di Pasirhuni mogok sejak Senin pagi untuk memprotes ojek daring yang menurut mereka merampas penumpang. Ribuan pelajar dan buruh pabrik terpaksa berjalan kaki.',
      'Sekitar enam ratus angkot diparkir melintang di alun-alun. Pemerintah kota mengerahkan truk polisi dan bus sekolah untuk mengangkut warga yang menumpuk di halte.',
      'Perundingan di balai kota berakhir tanpa hasil. Ketua paguyuban sopir, Asep Wiryawan, menuntut pembatasan jumlah pengemudi daring dan penetapan tarif bawah. "Setoran kami tinggal sepertiga," katanya. Pemogokan dilanjutkan sampai Rabu.',
    ],
  },
  {
    title: 'Harimau Masuk Kampung, Kambing Warga Dimangsa',
    date: '2020-03-04',
    paragraphs: [
      'Seekor harimau sumatra memasuki Kampung Sungai Buluh dan memangsa empat kambing dalam tiga malam. Warga memasang obor dan berjaga bergiliran di pos ronda.',
      'Tim konservasi memasang dua perangkap kandang berisi umpan serta kamera jebakan. Dari jejak kakinya, harimau itu diperkirakan betina dewasa yang wilayah jelajahnya terpotong kebun sawit.',
      'Penduduk diminta tidak menyadap karet sendirian dan tidak memasang jerat. "Kami takut, tetapi kami tidak ingin membunuhnya," kata kepala kampung, Datuk Zainun. Hewan yang tertangkap akan dipindahkan ke taman nasional.',
    ],
  },
  {
    title: 'Kabel Sinyal Dicuri, Jadwal Kereta Kacau',
    date: '2020-04-15',
    paragraphs: [
      'Pencurian kabel sinyal sepanjang 300 meter membuat jadwal kereta antara Stasiun Batu Ampar dan Pohgading kacau. Dua puluh tiga perjalanan terlambat hingga tiga jam dan masinis harus menunggu perintah lisan di setiap perlintasan.',
      'Polisi menangkap empat orang yang hendak menjual tembaga kupasan kepada pengepul barang bekas. Mereka mengaku sudah beraksi lima kali.',
      'Perusahaan kereta mengganti tiket penumpang yang batal berangkat dan memasang kamera pengawas di titik rawan. Sejak Januari kabel di lintas itu hilang sebelas kali.',
    ],
  },
  {
    title: 'Panel Surya Terangi Pulau Terpencil',
    date: '2020-05-30',
    paragraphs: [
      'Setelah puluhan tahun memakai lampu minyak, 180 rumah di Pulau Sabuntan kini terang sepanjang malam. Listriknya berasal dari panel surya yang dipasang di atas atap sekolah dan puskesmas.',
      'Baterai menyimpan daya untuk malam hari sehingga vaksin dapat didinginkan dan nelayan dapat membuat es. Warga membayar iuran dua puluh ribu rupiah sebulan untuk perawatan.',
      'Tiga perempuan desa dilatih menjadi teknisi. "Dulu anak saya belajar dengan pelita, matanya perih," kata Nur Aliyah, salah seorang di antaranya. Pemerintah berencana mengulang program itu di empat belas pulau lain.',
    ],
  },
  {
    title: 'Bus Rombongan Pelajar Terguling di Tanjakan Sewu',
    date: '2020-06-20',
    paragraphs: [
      'Sebuah bus yang membawa rombongan wisata pelajar terguling di Tanjakan Sewu pada Sabtu siang. Dua orang meninggal dan 31 luka-luka, kebanyakan patah tulang.',
      'Saksi melihat bus melaju kencang lalu menabrak pembatas jalan. Sopir mengatakan rem tidak berfungsi. Penyelidik menemukan izin uji kelayakan kendaraan sudah kedaluwarsa sejak tahun lalu.',
      'Para korban dibawa ke tiga rumah sakit dengan ambulans dan mobil bak terbuka milik warga. Kepala sekolah meminta maaf kepada orang tua dan membatalkan semua karyawisata. Pemilik perusahaan bus diperiksa polisi.',
    ],
  },
  {
    title: 'Naskah Lontar Dipindai agar Tidak Punah',
    date: '2020-07-12',
    paragraphs: [
      'Perpustakaan daerah memindai empat ribu lembar naskah lontar milik keluarga-keluarga di Lereng Penulisan. Daun yang berusia lebih dari dua abad itu mulai rapuh dimakan rayap.',
      'Isinya bermacam-macam: ramuan obat, hitungan hari baik, dan kisah perjalanan seorang saudagar. Pustakawan Ida Ayu Rukmini mengatakan beberapa aksara sudah tidak dapat dibaca siapa pun selain tiga orang tua di desanya.',
      'Hasil pemindaian dapat dilihat gratis melalui internet. Naskah aslinya tetap disimpan pemilik dan diolesi minyak serai setiap enam bulan.',
    ],
  },
  {
    title: 'Bank Sentral Pertahankan Suku Bunga',
    date: '2020-08-19',
    paragraphs: [
      'Bank sentral mempertahankan suku bunga acuan pada angka 4,25 persen untuk bulan ketiga. Keputusan itu diambil setelah inflasi melandai menjadi 2,1 persen, terendah dalam lima tahun.',
      'Deputi gubernur, Ratna Widjajanti, mengatakan permintaan kredit masih lemah karena perusahaan menunda perluasan pabrik. Bank diminta menurunkan bunga pinjaman bagi usaha kecil.',
      'Pelaku pasar sudah memperkirakan keputusan tersebut. Indeks saham ditutup naik tipis dan nilai tukar bergerak di tempat. Ekonom sebuah bank swasta menilai pemotongan baru mungkin terjadi pada akhir tahun.',
    ],
  },
  {
    title: 'Kemarau Panjang, Warga Beli Air Jeriken',
    date: '2020-09-14',
    paragraphs: [
      'Sumur-sumur di Kecamatan Giritontro kering setelah empat bulan tanpa hujan. Warga membeli air dari truk tangki seharga lima ribu rupiah per jeriken dan memakai air cucian untuk menyiram tanaman.',
      'Peternak menjual sapi dengan harga murah karena rumput habis. Pemerintah mengirim dua puluh tangki air setiap hari, tetapi dusun di puncak bukit belum terjangkau.',
      'Badan meteorologi memperkirakan hujan baru turun pada November. Mahasiswa teknik membantu menyedot air sungai bawah tanah dari sebuah gua dengan pompa. "Mandi sekarang kemewahan," ujar Mbah Karto.',
    ],
  },
  {
    title: 'Mahasiswa Tolak Kenaikan Uang Kuliah',
    date: '2020-10-06',
    paragraphs: [
      'Sekitar tiga ribu mahasiswa Universitas Bahari berunjuk rasa di depan rektorat menolak kenaikan uang kuliah sebesar empat puluh persen. Mereka membakar ban dan menduduki tangga gedung sampai malam.',
      'Rektor, Profesor Hesti Larasati, menemui pengunjuk rasa dan berjanji meninjau kembali keputusan itu. Ia mengatakan biaya laboratorium naik sementara subsidi pemerintah dipotong.',
      'Unjuk rasa berlangsung damai meski sempat terjadi dorong-mendorong dengan satpam. Dewan mahasiswa memberi batas waktu satu minggu; bila tidak ada jawaban mereka akan memboikot kuliah.',
    ],
  },
  {
    title: 'Kopi Lereng Tambora Diekspor ke Jepang',
    date: '2020-11-25',
    paragraphs: [
      'Petani di lereng Tambora mengekspor delapan belas ton biji kopi arabika ke Jepang, pengiriman pertama tanpa perantara. Pembelinya jaringan kedai di Osaka yang membayar dua kali harga pasar lokal.',
      'Koperasi melatih anggotanya memetik buah merah saja dan menjemur di atas para-para. Biji yang cacat dipisahkan dengan tangan oleh kelompok ibu-ibu.',
      'Ketua koperasi, Muhidin Salama, mengatakan pesanan tahun depan naik menjadi tiga puluh ton. Keuntungan dipakai membeli mesin pengupas dan membayar beasiswa bagi anak petani.',
    ],
  },
  {
    title: 'Perahu Pengungsi Terdampar di Pantai Ujong Kareung',
    date: '2020-12-16',
    paragraphs: [
      'Sebuah perahu kayu yang membawa 94 pengungsi terdampar di Pantai Ujong Kareung setelah mesinnya mati dan hanyut sembilan belas hari. Di antara mereka terdapat tiga puluh anak.',
      'Nelayan setempat menarik perahu itu ke darat dan memberi bubur, pakaian kering, serta air kelapa. Beberapa penumpang terlalu lemah untuk berjalan dan diinfus di puskesmas.',
      'Pemerintah daerah menampung mereka di bekas gedung sekolah sambil menunggu badan PBB yang mengurus pengungsi. "Orang lapar di laut tidak ditanya dari mana," kata panglima laut, Teungku Basri.',
    ],
  },
  {
    title: 'Relawan Angkat Tujuh Ton Sampah dari Sungai Ciberang',
    date: '2021-01-31',
    paragraphs: [
      'Lima ratus relawan mengangkat tujuh ton sampah dari Sungai Ciberang dalam satu hari. Sebagian besar berupa kantong plastik, popok, dan botol minuman yang tersangkut di tiang jembatan.',
      'Kegiatan itu digagas siswa sekolah menengah yang kesal karena sungai di belakang kelas mereka berbau. Mereka menghitung merek pada setiap bungkus dan mengirim hasilnya kepada produsen.',
      'Pemerintah kota akan memasang jaring penahan di empat anak sungai. Plastik yang masih bersih dijual ke pabrik daur ulang, dan uangnya dipakai membeli tempat sampah bagi warga bantaran.',
    ],
  },
  {
    title: 'Polisi Bongkar Penipuan Pinjaman Daring',
    date: '2021-02-24',
    paragraphs: [
      'Polisi membongkar komplotan penipu yang menawarkan pinjaman daring palsu dan menangkap tujuh belas orang di sebuah ruko. Korbannya lebih dari tiga ribu orang dengan kerugian dua puluh miliar rupiah.',
      'Calon peminjam diminta mengirim biaya administrasi dan foto kartu penduduk. Setelah uang masuk, nomor pelaku tidak dapat dihubungi. Foto korban kemudian dipakai untuk memeras keluarga mereka.',
      'Penyidik menyita 140 telepon dan ribuan kartu SIM. Kepala satuan siber, Komisaris Bram Situngkir, mengimbau masyarakat memeriksa izin perusahaan sebelum meminjam.',
    ],
  },
  {
    title: 'Stadion Gelora Merpati Ditutup untuk Renovasi',
    date: '2021-03-18',
    paragraphs: [
      'Stadion Gelora Merpati ditutup selama sepuluh bulan untuk direnovasi. Tribun kayu peninggalan tahun 1957 diganti dengan beton dan kursi tunggal, kapasitasnya menjadi 24.500 penonton.',
      'Klub Elang Pesisir akan memakai lapangan di kota tetangga sebagai kandang sementara. Pendukung mengeluhkan ongkos perjalanan, tetapi menyambut lampu baru dan toilet yang lebih banyak.',
      'Pemerintah provinsi menganggarkan 86 miliar rupiah. Gerbang utama yang berukir dipertahankan sebagai cagar budaya. Pertandingan pertama setelah pembukaan kembali direncanakan melawan juara bertahan.',
    ],
  },
  {
    title: 'Longsor Putuskan Jalan Tol Pegunungan',
    date: '2021-04-29',
    paragraphs: [
      'Tebing setinggi tiga puluh meter longsor dan menutup jalan tol di Kilometer 72 pada Kamis subuh. Dua truk sayur terseret, kedua sopirnya selamat setelah melompat keluar.',
      'Lalu lintas dialihkan ke jalan lama yang sempit sehingga antrean kendaraan mencapai sebelas kilometer. Alat berat baru dapat bekerja setelah hujan reda karena tanah masih bergerak.',
      'Operator tol menduga saluran air di atas lereng tersumbat. Pembersihan diperkirakan selesai dalam empat hari. Penghuni dua puluh rumah di bawah tebing dipindahkan ke tenda.',
    ],
  },
  {
    title: 'Kabut Asap Kebakaran Gambut Ganggu Penerbangan',
    date: '2021-08-07',
    paragraphs: [
      'Kebakaran lahan gambut di Kabupaten Muara Resak menghasilkan kabut asap yang menurunkan jarak pandang menjadi 400 meter. Enam pesawat dialihkan dan sekolah dasar diliburkan.',
      'Helikopter menjatuhkan bom air, sedangkan ratusan prajurit menggali sekat agar api bawah tanah tidak merambat. Gambut dapat membara berminggu-minggu meski permukaannya tampak padam.',
      'Jumlah penderita infeksi saluran pernapasan naik tiga kali lipat. Dua perusahaan perkebunan disegel karena diduga membuka lahan dengan cara membakar.',
    ],
  },
  {
    title: 'Rumah Sakit Terapung Obati Warga Pulau',
    deck: 'Kapal bekas pengangkut pasir itu kini memiliki dua ruang bedah.',
    date: '2021-09-15',
    paragraphs: [
      'Sebuah kapal bekas pengangkut pasir diubah menjadi rumah sakit terapung dan berlayar dari pulau ke pulau di Laut Banawa. Dalam perjalanan pertamanya para dokter mengoperasi 71 pasien katarak, bibir sumbing, dan hernia.',
      'Kapal itu memiliki dua ruang bedah, laboratorium, dan apotek. Dokter dan perawatnya relawan yang mengambil cuti dari rumah sakit di kota.',
      '"Ayah saya buta sepuluh tahun, besoknya ia melihat wajah cucunya," kata Marselina, warga Pulau Batuata. Pelayaran dibiayai sumbangan dan penjualan kalender.',
    ],
  },
  {
    title: 'Seratus Pasangan Lanjut Usia Menikah Massal',
    date: '2021-10-10',
    paragraphs: [
      'Seratus pasangan mengikuti nikah massal di pendapa kabupaten, kebanyakan sudah hidup bersama puluhan tahun tanpa akta. Pengantin tertua, Mbah Sastro, berusia 83 tahun dan datang naik delman.',
      'Akta perkawinan dibutuhkan agar anak dan cucu mereka memperoleh akta kelahiran dan bantuan sosial. Biaya penghulu, rias, dan mas kawin ditanggung pemerintah.',
      'Para mempelai difoto satu per satu dan menerima kompor gas. "Saya malu, tetapi senang," kata Mbah Ginem yang menunggu lima puluh dua tahun untuk hari itu.',
    ],
  },
  {
    title: 'Satu Guru Mengajar Enam Kelas di Perbatasan',
    date: '2021-11-25',
    paragraphs: [
      'Yohana Seran mengajar enam kelas sekaligus di sebuah sekolah dasar di garis perbatasan. Tiga rekannya pindah ke kota dan penggantinya belum datang.',
      'Papan tulis dibagi dua; saat kelas satu mengeja, kelas lima mengerjakan hitungan. Murid yang besar membantu mengajari adik-adiknya membaca. Separuh siswa menyeberangi sungai tanpa jembatan setiap pagi.',
      'Yohana menolak mutasi meski gajinya sering terlambat. "Kalau saya pergi, sekolah ini tutup," ujarnya. Dinas pendidikan menjanjikan dua guru kontrak pada semester depan.',
    ],
  },
  {
    title: 'Keramik dari Kapal Karam Dipamerkan',
    date: '2022-01-20',
    paragraphs: [
      'Museum Bahari Selindung memamerkan enam ratus keramik yang diangkat dari kapal karam abad kesepuluh. Mangkuk hijau dan guci itu ditemukan penyelam teripang pada kedalaman 54 meter.',
      'Arkeolog menduga kapal dagang itu berlayar dari Tiongkok menuju Jawa ketika dihantam badai. Di dalamnya juga ada cermin perunggu, koin, dan sisa rempah yang masih berbau.',
      'Sebagian muatan telah dijarah sebelum pemerintah mengamankan lokasi. Pameran berlangsung sampai Agustus, dan pelajar masuk tanpa membayar.',
    ],
  },
  {
    title: 'Dongeng Anak Diterjemahkan ke Bahasa Daerah',
    date: '2022-02-21',
    paragraphs: [
      'Balai bahasa menerjemahkan empat puluh dongeng anak ke dalam sembilan bahasa daerah yang penuturnya semakin sedikit. Buku bergambar itu dibagikan ke taman bacaan dan dapat diunduh.',
      'Penerjemahnya para nenek dan kakek yang bercerita kepada mahasiswa; rekaman suaranya disertakan dalam kode di halaman terakhir. Satu bahasa hanya dipahami 230 orang.',
      'Penggagasnya, Clara Wenda, khawatir anak-anak malu memakai bahasa ibu. "Bahasa mati ketika tidak ada lagi yang mendongeng dengannya," ucapnya pada peluncuran di hari bahasa ibu.',
    ],
  },
  {
    title: 'Warga Tolak Pengeboran Panas Bumi di Hutan Larangan',
    date: '2022-04-12',
    paragraphs: [
      'Warga tiga desa adat menghadang truk yang membawa alat pengeboran panas bumi menuju Hutan Larangan. Mereka khawatir mata air mengering dan makam leluhur terganggu.',
      'Perusahaan pembangkit menyatakan telah mengantongi izin dan menjanjikan listrik bagi delapan puluh ribu rumah. Sosialisasi, menurut warga, hanya dihadiri perangkat desa.',
      'Komisi hak asasi manusia menawarkan mediasi. Pengeboran ditunda satu bulan. "Kami tidak menolak listrik, kami menolak kehilangan air," kata tetua adat, Amak Sahdan. Polisi menarik pasukannya setelah dialog semalam suntuk.',
    ],
  },
  {
    title: 'Pesawat Perintis Tergelincir di Landasan Rumput',
    date: '2022-05-09',
    paragraphs: [
      'Sebuah pesawat perintis bermesin tunggal tergelincir saat mendarat di landasan rumput Lembah Okpai. Pilot dan tujuh penumpang selamat, hanya seorang yang terkilir.',
      'Hujan semalam membuat landasan licin dan roda depan patah. Pesawat itu membawa beras, obat, dan kotak suara untuk distrik yang hanya dapat dijangkau lewat udara.',
      'Penerbangan ke lembah dihentikan sampai landasan dikeringkan. Warga memanggul muatan dengan berjalan kaki enam jam. Komite keselamatan transportasi mengirim dua penyelidik.',
    ],
  },
  {
    title: 'Wasit Dihukum Seumur Hidup karena Suap',
    date: '2022-08-30',
    paragraphs: [
      'Komisi disiplin sepak bola melarang wasit Rokhim Satriaji memimpin pertandingan seumur hidup karena menerima suap. Ia mengaku dibayar enam puluh juta rupiah untuk menghadiahkan penalti.',
      'Kasus itu terungkap setelah seorang pemain merekam percakapan di ruang ganti. Dua pengurus klub ikut dijatuhi larangan lima tahun dan klubnya dikurangi dua belas poin sehingga turun kasta.',
      'Asosiasi wasit mendukung hukuman itu dan meminta honor dinaikkan. "Wasit yang lapar mudah dibeli," kata ketuanya. Polisi menyelidiki jaringan judi yang diduga mengatur skor.',
    ],
  },
  {
    title: 'Anggrek Jenis Baru Ditemukan di Tebing Kapur',
    date: '2022-10-17',
    paragraphs: [
      'Ahli botani menemukan anggrek jenis baru yang tumbuh di tebing kapur Pegunungan Marowali. Bunganya sebesar kuku, berwarna ungu tua, dan berbau seperti ikan busuk untuk memikat lalat.',
      'Peneliti Dr. Fransisca Tumbelaka memerlukan tali dan tiga hari pendakian untuk mencapainya. Hanya sekitar lima puluh tanaman terlihat, sehingga jenis itu diusulkan masuk daftar terancam punah.',
      'Lokasinya dirahasiakan agar tidak dijarah kolektor. Tambang semen yang berjarak dua kilometer diminta menghentikan peledakan selama musim berbunga.',
    ],
  },
  {
    title: 'Suara Pilkada Kota Banjaran Dihitung Ulang',
    deck: 'Selisih kedua calon wali kota hanya 214 suara.',
    date: '2022-12-01',
    paragraphs: [
      'Mahkamah memerintahkan penghitungan ulang suara pemilihan wali kota Banjaran di 63 tempat pemungutan. Selisih antara pasangan Idris Malaka dan Wening Pertiwi hanya 214 suara.',
      'Kubu Idris menggugat karena menemukan tanda tangan saksi yang dipalsukan. Komisi pemilihan mengatakan kesalahan itu tidak mengubah hasil dan terjadi karena petugas kelelahan.',
      'Penghitungan akan disiarkan langsung dan dijaga enam ratus polisi. Pelantikan yang semula dijadwalkan pekan depan ditunda. Pendukung kedua calon diminta tidak turun ke jalan.',
    ],
  },
  {
    title: 'Pekerja Migran Dipulangkan Tanpa Gaji',
    date: '2023-02-08',
    paragraphs: [
      'Sebanyak 126 pekerja migran dipulangkan dari sebuah pabrik sarung tangan di luar negeri setelah lima bulan tidak digaji. Mereka tiba dengan kapal feri, sebagian hanya membawa kantong plastik.',
      'Agen yang memberangkatkan mereka ternyata tidak berizin. Paspor ditahan majikan dan asrama dikunci pada malam hari, kata Rosmala, ibu dua anak yang meminjam uang untuk berangkat.',
      'Kementerian tenaga kerja menuntut upah yang belum dibayar melalui pengacara di negara itu. Pemilik agen, yang menghilang bersama keluarganya, masuk daftar buronan.',
    ],
  },
  {
    title: 'Ribuan Tukik Dilepas ke Laut Selatan',
    date: '2023-06-08',
    paragraphs: [
      'Anak-anak sekolah melepas 2.300 tukik penyu lekang di Pantai Parangsegara menjelang matahari terbenam. Telurnya dikumpulkan penjaga pantai dari sarang yang terancam abrasi dan pencuri.',
      'Dahulu penduduk menjual telur penyu di pasar. Kini mantan pemburu seperti Pak Rujito dibayar untuk menjaga sarang dan memandu wisatawan.',
      'Dari seribu tukik mungkin hanya satu yang tumbuh dewasa, kata ahli biologi laut, Mira Sastrawinata. Lampu warung di sepanjang pantai dimatikan agar penyu betina mau naik bertelur.',
    ],
  },
]
