//! The commented configuration that `soat init` writes.

/// A `soat.toml` in Vietnamese that parses as it stands; everything that must be decided is commented out.
pub const TEMPLATE: &str = r#"# Cấu hình soat. Đường dẫn tính từ thư mục chứa tệp này. Khóa không có trong tài liệu bị từ chối.
# Xem giá trị đang dùng và nguồn của từng giá trị: soat config

[archive]
# Tên in trên báo cáo.
# name = "Sở Nội vụ tỉnh An Bình"
# Chữ viết tắt (trong bảng tổ chức) của cơ quan ban hành các văn bản này.
# agency = "SNV"
# Các thư mục chứa văn bản.
documents = ["."]
# Bỏ qua (mẫu đường dẫn, tính từ thư mục văn bản).
exclude = ["**/~$*", "**/Thumbs.db"]
# Bảng cơ quan, đơn vị, thời gian có hiệu lực của tên.
# organisation = "units.csv"
# Chương trình nhận dạng chữ (Tesseract, dữ liệu tiếng Việt "vie") để so bản quét; bỏ trống: tìm trong PATH.
# ocr = "/usr/bin/tesseract"
# Cố định thời điểm kiểm tra để lặp lại được kết quả; bỏ trống: giờ của máy.
# clock = "2026-11-05T08:00:00+07:00"

# Sổ đăng ký văn bản đi (Nghị định 30/2020/NĐ-CP, Phụ lục IV). Có thể khai báo nhiều sổ.
# kind: outgoing (sổ đi) | post-book (sổ gửi bưu điện) | work-files (hồ sơ công việc)
#       | exemptions (miễn trừ bản giấy) | cancelled (số đã hủy) | waivers (miễn trừ phát hiện)
#       | delegations (bảng ủy quyền ký: KT., TL., TUQ., Q.)
# [[register]]
# kind = "outgoing"
# path = "registers/so-van-ban-di-2026.xlsx"
# sheet = "Sổ đăng ký"                  # chỉ cho bảng tính; bỏ trống: trang đầu
# # encoding = "utf-8"                  # chỉ cho CSV: utf-8 utf-16le utf-16be windows-1258 tcvn3 vni
#   [register.columns]                  # trường = tiêu đề cột trong tệp, khi khác mẫu
#   unit = "Đơn vị soạn thảo"

# Chứng thư của các tổ chức chứng thực (*.cer *.crt *.der *.pem): chỉ là ứng viên, chưa phải gốc tin cậy.
[trust]
folder = "trust"
# Gốc tin cậy, sau khi đã đối chiếu dấu vân tay với nguồn chính thức.
#   [[trust.anchor]]
#   sha256 = "…64 chữ số thập lục phân…"
#   kind = "specialised"                # specialised (chuyên dùng công vụ) | public (công cộng)
#   confirmed_by = "Nguyễn Văn A, phòng CNTT"
#   confirmed_on = 2026-09-01

# Danh sách thu hồi (*.crl *.der *.pem) và phản hồi OCSP (*.ors *.ocsp).
[revocation]
folder = "crls"

# Ấn định vai trò cho một chứng thư khi tên không đủ để phân biệt.
# [[signer]]
# sha256 = "…"
# role = "person"                       # person | agency | republisher

[rate]
basis = "n3"                            # n1: có tệp | n2: đủ hai chữ ký số | n3: hoàn toàn điện tử
target_electronic = 95                  # phải lớn hơn hẳn 95 %
target_work_files = 40                  # phải lớn hơn hẳn 40 %
minimum_denominator = 20                # ít hơn: cảnh báo số nhỏ
scope = "all"                           # all: mọi văn bản đi | exchanged: chỉ văn bản trao đổi với cơ quan khác

[period]
cutoff_day = 0                          # 0: tháng dương lịch | 15: tháng tính từ ngày 15 tháng trước đến ngày 14
# Ngày nghỉ lễ và ngày làm bù, để tính hạn phát hành "ngày làm việc tiếp theo".
# holidays = [2026-01-01, 2026-04-30, 2026-05-01, 2026-09-02]
# make_up_days = [2026-08-22]

# Gói edXML trên Trục liên thông.
[exchange]
receipt_days = 3                        # số ngày làm việc để bên nhận xác nhận đã nhận (trạng thái từ 03)

# Đổi mức của một kiểm tra: error | warn | info | off. "Chưa xác định" không đổi thành đạt được.
[check]
# "timestamp-missing" = "info"

# Miễn trừ một phát hiện đã biết: vẫn hiện và được đếm, không đổi kết luận chữ ký hay tỷ lệ. Phải đủ lý do,
# người quyết định, ngày và hạn; gắn với kiểm tra + văn bản + mã băm của tệp. Có thể để trong sổ kind = "waivers".
# [[waiver]]
# check = "document-resaved-after-signing"
# document = "512/SNV-BTXH"
# sha256 = "…64 chữ số thập lục phân…"
# reason = "…"
# authority = "Chánh Văn phòng …"
# date = 2026-11-01
# expires = 2026-12-31

[gate]
fail_on = "error"                       # error | warn | never; chỉ tiêu tỷ lệ luôn được xét
minimum_coverage = 90                   # phần trăm số tệp phải đánh giá được
# Ngưỡng khác cho từng mục đích: soat gate --profile strict
#   [gate.profile.strict]
#   fail_on = "warn"
#   minimum_coverage = 100

[disclose]
level = "masked"                        # masked: che tên người, trích yếu, số chứng thư | full: đầy đủ

# Chạy hằng đêm.
[operation]
# Tệp số liệu cho Prometheus (node exporter, textfile); chỉ có mã đơn vị, không có tên người.
# metrics = "/var/lib/prometheus/node-exporter/soat.prom"
# Lệnh nhận JSON ở đầu vào chuẩn sau mỗi lần chạy.
# notify = ["/usr/local/bin/bao-tin"]
notify_seconds = 30                     # quá thời gian này thì dừng lệnh
recheck_days = 30                       # đọc lại mỗi tệp ít nhất một lần trong số ngày này; 0: không
keep_runs = 400                         # số lần chạy được giữ

# Giới hạn đối với tệp bất thường; chỉ đổi khi báo cáo nêu giới hạn bị chạm tới.
[limits]
# file_bytes = 1073741824               # kích thước tệp, byte
# objects = 1000000                     # số đối tượng trong một tệp
# depth = 256                           # độ lồng nhau
# revisions = 1024                      # số lần ghi thêm (bảng tham chiếu)
# inflated_stream_bytes = 67108864      # một luồng nén được giải nén tới
# inflated_total_bytes = 268435456      # tổng giải nén của một tệp
# cross_reference_bytes = 33554432      # tổng giải nén của các bảng tham chiếu
# structure_bytes = 201326592           # bộ nhớ cho cấu trúc của một tệp
# field_name_bytes = 32767              # tên đầy đủ của một trường
# signatures = 1000                     # số trường chữ ký
# cms_bytes = 16777216                  # một chữ ký
# pages_read = 2000                     # số trang được đọc
# path_signature_checks = 100           # số lần kiểm tra chữ ký khi dựng một đường dẫn chứng thư
# steps = 20000000                      # số bước xử lý một tệp
"#;
