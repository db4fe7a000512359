using AiAssignments.Core.Datasets;
using SkiaSharp;

namespace AiAssignments.Inference.Images;

/// <summary>A small PNG of an image record, for a report.</summary>
public static class Thumbnail
{
    private const int LongestSide = 64;

    /// <summary>PNG of at most 64 x 64 pixels, aspect ratio kept; <c>null</c> when the image cannot be decoded.</summary>
    /// <param name="record">The image.</param>
    public static byte[]? Of(ImageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Raw is { } raw)
        {
            return (long)raw.Width * raw.Height * raw.Channels == record.Content.Length && raw.Channels is 1 or 3
                ? Small(ImageTensorizer.Interleave(record.Content.Span, raw))
                : null;
        }

        using var decoded = ImageDecoder.Decode(record.Content, DecodeBudget.Process, LongestSide * 3L);
        return decoded.Pixels is null ? null : Small(decoded.Pixels);
    }

    private static byte[] Small(Pixels pixels)
    {
        var longest = Math.Max(pixels.Width, pixels.Height);
        if (longest > LongestSide)
        {
            var size = (Width: Math.Max(1, pixels.Width * LongestSide / longest), Height: Math.Max(1, pixels.Height * LongestSide / longest));
            pixels = Resampler.Resize(pixels, "bilinear", size, 0, 0, size.Width, size.Height);
        }

        return Encode(pixels.WithChannels(3));
    }

    private static byte[] Encode(Pixels pixels)
    {
        using var bitmap = new SKBitmap(pixels.Width, pixels.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var target = bitmap.GetPixelSpan();
        for (var i = 0; i < pixels.Width * pixels.Height; i++)
        {
            pixels.Samples.AsSpan(3 * i, 3).CopyTo(target[(4 * i)..]);
            target[(4 * i) + 3] = byte.MaxValue;
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }
}
