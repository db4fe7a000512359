using SkiaSharp;

namespace AiAssignments.Inference.Images;

/// <summary>Decodes PNG, JPEG, WebP, BMP and GIF (its first frame) to upright RGB; sizes are looked at before anything is allocated.</summary>
internal static class ImageDecoder
{
    /// <summary>Largest side in pixels.</summary>
    public const int LargestSide = 16_384;

    /// <summary>Most pixels.</summary>
    public const long MostPixels = 64L << 20;

    /// <summary>Most bytes of an encoded file.</summary>
    public const int MostBytes = 256 << 20;

    /// <summary>Bytes that a pixel takes while it is decoded: RGBA, upright RGB, and grey.</summary>
    public const int BytesPerPixel = 8;

    /// <summary>Decodes.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="budget">Waits until its pixels fit; <see cref="DecodeBudget.Process"/> unless in a test.</param>
    /// <param name="rowBytes">Bytes for each row (or column) of the image that the caller will need to resize it.</param>
    /// <returns>The pixels with their share of the budget, or the code and the sentence of what is wrong.</returns>
    public static unsafe DecodedImage Decode(ReadOnlyMemory<byte> content, DecodeBudget budget, long rowBytes)
    {
        if (content.Length is 0 or > MostBytes)
        {
            return Wrong("image-size", content.IsEmpty ? "the image is empty" : $"the image has {content.Length} bytes; at most {MostBytes} are read");
        }

        using var pin = content.Pin();
        using var data = SKData.Create((nint)pin.Pointer, content.Length);
        using var codec = SKCodec.Create(data);
        if (codec is null)
        {
            return Wrong("image-undecodable", "the bytes are not a PNG, JPEG, WebP, BMP or GIF image");
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width is < 1 or > LargestSide || height is < 1 or > LargestSide || (long)width * height > MostPixels)
        {
            return Wrong("image-size", $"the image says it is {width} x {height} pixels; at most {LargestSide} a side and {MostPixels} in all are decoded");
        }

        // No colour space: samples as they are stored, as PIL and torchvision give them. Alpha is dropped, not blended, as PIL's convert("RGB") does.
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var share = budget.Enter(((long)width * height * BytesPerPixel) + (Math.Max(width, height) * rowBytes));
        try
        {
            var samples = new byte[info.BytesSize];
            SKCodecResult result;
            fixed (byte* pointer = samples)
            {
                result = codec.GetPixels(info, (nint)pointer);
            }

            if (result == SKCodecResult.Success)
            {
                var decoded = new DecodedImage(Upright(samples, width, height, (int)codec.EncodedOrigin), string.Empty, string.Empty, share);
                share = null;
                return decoded;
            }

            return Wrong("image-undecodable", $"the image cannot be decoded: {Said(result)}");
        }
        finally
        {
            share?.Dispose();
        }
    }

    private static string Said(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it is cut off",
        SKCodecResult.ErrorInInput => "its data is damaged",
        _ => result.ToString(),
    };

    private static DecodedImage Wrong(string code, string message) => new(null, code, message, null);

    // EXIF orientation (TIFF tag 274): 5 to 8 swap rows and columns.
    internal static Pixels Upright(byte[] rgba, int width, int height, int origin)
    {
        var (w, h) = origin >= 5 ? (height, width) : (width, height);
        var result = new byte[w * h * 3];
        for (var y = 0; y < h; y++)
        {
            for (var x = 0; x < w; x++)
            {
                var (sx, sy) = origin switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    8 => (width - 1 - y, x),
                    _ => (x, y),
                };
                rgba.AsSpan(((sy * width) + sx) * 4, 3).CopyTo(result.AsSpan(((y * w) + x) * 3));
            }
        }

        return new(w, h, 3, result);
    }
}
