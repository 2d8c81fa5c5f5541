/** Words that are in nearly every text of their language, and say nothing of what it is about. */
const words = new Set(
  `a an and are as at be by for from has he her his how i in is it its of on or she that the their they this to was
were what when where which who whom whose why will with you your
adalah apa atau bagi bahwa bagaimana bisa dalam dan dapat dari dengan di dia hal hingga ia ini itu jika juga kami kapan
karena ke kepada kita lalu maka mereka oleh pada para pun saat saja sebagai secara sejak seorang siapa sudah telah
tentang tersebut untuk yaitu yakni yang`.split(/\s+/),
)

export function isStopWord(form: string): boolean {
  return words.has(form)
}
