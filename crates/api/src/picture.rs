//! Pictures of reports: judged by what they hold, made small, and written anew.
//!
//! What a kiosk sends is a stranger's bytes: neither its name nor its header says what it is. It is looked at, refused
//! by its dimensions before anything of that size is made, decoded, turned upright, and encoded as a JPEG of our own:
//! what was hidden in the file (place, camera, a script) stays behind.

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use millrace_domain::Refusal;
use std::io::Cursor;
use tokio::sync::Semaphore;

/// The longer side of a picture that is kept, in pixels.
const SIDE: u32 = 1_600;
/// What a picture that is kept may weigh, in bytes.
const WEIGHT: usize = 400_000;
/// Qualities that are tried, the best first. Below the last one fewer pixels show more than worse ones.
const QUALITIES: [u8; 5] = [85, 75, 65, 55, 45];
/// The longer side of a picture that is taken, in pixels.
const TAKEN_SIDE: u32 = 12_000;
/// The most pixels of one: cameras of telephones come to 12 million, good ones to 24.
const TAKEN_PIXELS: u64 = 32_000_000;
/// What decoding one may take, in bytes. Two are decoded at once.
const MEMORY: u64 = 160 << 20;

/// How many are worked on at once: each takes a core and up to [`MEMORY`].
static ROOM: Semaphore = Semaphore::const_new(2);

/// A picture as it is kept: JPEG.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) content: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// [`prepare`] on a thread for such work.
pub(crate) async fn prepare_aside(bytes: Bytes) -> Result<Prepared, Refusal> {
    // The semaphore is never closed.
    let place = ROOM.acquire().await;
    let work = move || {
        // Held by the work, not by who asks: whoever sends and leaves, again and again, fills no memory.
        let _place = place;
        prepare(&bytes)
    };
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "a picture made its decoder fail");
        Err(damaged())
    })
}

/// The picture as it is kept.
fn prepare(bytes: &[u8]) -> Result<Prepared, Refusal> {
    let format = image::guess_format(bytes)
        .ok()
        .filter(taken)
        .ok_or_else(|| unfit("This is no picture, or none of a kind that is taken. Send a JPEG, PNG or WebP."))?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(TAKEN_SIDE);
    limits.max_image_height = Some(TAKEN_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| said(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > TAKEN_PIXELS || decoder.total_bytes() > MEMORY {
        return Err(too_large());
    }
    let orientation = decoder.orientation().map_err(|error| said(&error))?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| said(&error))?;
    let mut picture = DynamicImage::ImageRgb8(on_white(fitted(picture, SIDE)));
    picture.apply_orientation(orientation);
    encoded(picture)
}

fn taken(format: &ImageFormat) -> bool {
    matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)
}

/// The picture with neither side longer than this; a smaller one stays as it is.
fn fitted(picture: DynamicImage, side: u32) -> DynamicImage {
    let longest = picture.width().max(picture.height());
    // Far too large: first quickly and roughly, then well.
    let picture = if longest > 2 * side { picture.thumbnail(2 * side, 2 * side) } else { picture };
    if longest > side { picture.resize(side, side, FilterType::Triangle) } else { picture }
}

/// The picture without transparency, which JPEG does not know: on paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let alpha = u16::from(alpha);
        let mixed = |part: u8| u8::try_from((u16::from(part) * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        image::Rgb([mixed(red), mixed(green), mixed(blue)])
    })
}

/// The picture as a JPEG that weighs no more than it may: worse, then smaller.
fn encoded(mut picture: DynamicImage) -> Result<Prepared, Refusal> {
    loop {
        for quality in QUALITIES {
            let mut content = Vec::new();
            JpegEncoder::new_with_quality(&mut content, quality)
                .encode_image(&picture)
                .map_err(|error| said(&error))?;
            if content.len() <= WEIGHT {
                let (width, height) = picture.dimensions();
                return Ok(Prepared { content, width, height });
            }
        }
        let side = picture.width().max(picture.height()) * 3 / 4;
        picture = picture.resize(side, side, FilterType::Triangle);
    }
}

fn said(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => too_large(),
        _ => damaged(),
    }
}

fn too_large() -> Refusal {
    unfit("This picture has too many pixels: over 32 million, or over 12,000 on a side. Send a smaller one.")
}

fn damaged() -> Refusal {
    unfit("This picture is damaged: it can't be read to its end. Take or send it again.")
}

fn unfit(what: &str) -> Refusal {
    Refusal::Invalid { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Rgb, Rgba};

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("writes");
        bytes.into_inner()
    }

    /// Red at the top, blue below.
    fn flag(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(ImageBuffer::from_fn(width, height, |_, y| {
            if y < height / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
        }))
    }

    /// A JPEG with a short EXIF block (TIFF, big-endian): its orientation, and a text nobody is to read.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"SECRET-PLACE");
        let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    fn shown(prepared: &Prepared) -> RgbImage {
        assert_eq!(image::guess_format(&prepared.content).ok(), Some(ImageFormat::Jpeg));
        let picture = image::load_from_memory(&prepared.content).expect("a picture").into_rgb8();
        assert_eq!(picture.dimensions(), (prepared.width, prepared.height));
        picture
    }

    #[test]
    fn every_kind_that_is_taken_becomes_a_jpeg() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let prepared = prepare(&written(&flag(40, 20), format)).expect("is taken");
            let picture = shown(&prepared);
            assert_eq!(picture.dimensions(), (40, 20), "{format:?}: a small one stays small");
            assert!(picture.get_pixel(20, 3)[0] > 180 && picture.get_pixel(20, 16)[2] > 180, "{format:?}");
        }
    }

    #[test]
    fn it_is_turned_upright_and_says_nothing_of_where_it_was_taken() {
        let bytes = with_exif(&written(&flag(40, 20), ImageFormat::Jpeg), 6);
        let prepared = prepare(&bytes).expect("is taken");
        assert!(!prepared.content.windows(6).any(|part| part == b"SECRET" || part == b"Exif\0\0"));
        let picture = shown(&prepared);
        // A quarter clockwise: what was on top is on the right.
        assert_eq!(picture.dimensions(), (20, 40));
        assert!(picture.get_pixel(16, 20)[0] > 180 && picture.get_pixel(3, 20)[2] > 180);
    }

    #[test]
    fn a_large_one_is_made_small() {
        let prepared = prepare(&written(&flag(2_000, 500), ImageFormat::Jpeg)).expect("is taken");
        assert_eq!((prepared.width, prepared.height), (1_600, 400));
    }

    #[test]
    fn one_that_is_all_detail_is_made_light() {
        let mut state = 7u32;
        let noise = ImageBuffer::from_fn(1_100, 1_100, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = state.to_be_bytes();
            Rgb([a, b, c])
        });
        let prepared = prepare(&written(&DynamicImage::ImageRgb8(noise), ImageFormat::Png)).expect("is taken");
        assert!(prepared.content.len() <= WEIGHT, "{} bytes", prepared.content.len());
        assert!(prepared.width >= 600, "{} pixels", prepared.width);
    }

    #[test]
    fn what_was_transparent_is_white() {
        let clear = ImageBuffer::from_pixel(10, 10, Rgba([0, 0, 0, 0]));
        let prepared = prepare(&written(&DynamicImage::ImageRgba8(clear), ImageFormat::Png)).expect("is taken");
        assert!(shown(&prepared).pixels().all(|pixel| pixel.0.iter().all(|part| *part > 250)));
    }

    #[test]
    fn what_is_no_picture_is_refused_whatever_it_is_called() {
        let half = written(&flag(200, 200), ImageFormat::Png);
        for bytes in [
            &b""[..],
            b"<!doctype html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"GIF89a\x01\0\x01\0\0\0\0;",
            b"\xff\xd8\xff",
            &half[..half.len() / 2],
        ] {
            assert!(matches!(prepare(bytes), Err(Refusal::Invalid { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_goes_off() {
        // What a PNG says of itself: 8 bytes of signature, then the length and name of its first chunk, then its size.
        let mut bomb = written(&flag(4, 4), ImageFormat::Png);
        for (width, height) in [(60_000u32, 60_000u32), (11_000, 11_000), (12_001, 1)] {
            bomb[16..20].copy_from_slice(&width.to_be_bytes());
            bomb[20..24].copy_from_slice(&height.to_be_bytes());
            let checked = crc(&bomb[12..29]).to_be_bytes();
            bomb[29..33].copy_from_slice(&checked);
            let Err(Refusal::Invalid { what }) = prepare(&bomb) else { panic!("{width} × {height} is refused") };
            assert!(what.contains("too many pixels"), "{what}");
        }
    }

    /// CRC-32 as PNG (ISO 15948, annex D) has it.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
        })
    }
}
