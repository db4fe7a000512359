using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Images;

/// <summary>Turns images into a model's input as its card says: decode, grey or RGB, resize, (crop), scale, normalize, lay out. Thread-safe.</summary>
public sealed class ImageTensorizer
{
    private readonly ImagePreprocessing spec;
    private readonly float[] table;

    /// <summary>Takes a card's preprocessing, which must be valid.</summary>
    /// <param name="spec">The preprocessing.</param>
    public ImageTensorizer(ImagePreprocessing spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        this.spec = spec;

        // A sample has 256 values: (value * scale - mean) / std, once, in double.
        table = new float[256 * spec.Channels];
        for (var channel = 0; channel < spec.Channels; channel++)
        {
            for (var value = 0; value < 256; value++)
            {
                table[(channel * 256) + value] = (float)(((value * spec.Scale) - spec.Mean[channel]) / spec.Std[channel]);
            }
        }
    }

    /// <summary>Floats of one image.</summary>
    public int Length => checked(spec.Width * spec.Height * spec.Channels);

    /// <summary>Writes an image's tensor.</summary>
    /// <param name="record">The image.</param>
    /// <param name="destination"><see cref="Length"/> floats: CHW or HWC, as the card says.</param>
    /// <returns><c>null</c>, or why it cannot be: <c>image-undecodable</c>, <c>image-size</c> or <c>image-raw-size</c>.</returns>
    public RecordError? Fill(ImageRecord record, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Raw is not { } raw)
        {
            // The budget's share is kept until the copies made of the pixels are gone, too.
            using var decoded = ImageDecoder.Decode(record.Content, DecodeBudget.Process, spec.Width * 3L);
            if (decoded.Pixels is null)
            {
                return new(record.Position, decoded.Code, $"In this record {decoded.Message}.");
            }

            LayOut(Fit(decoded.Pixels.WithChannels(spec.Channels)), destination);
            return null;
        }

        if (raw.Channels is not (1 or 3) || raw.Width < 1 || raw.Height < 1 || (long)raw.Width * raw.Height * raw.Channels != record.Content.Length)
        {
            return new(record.Position, "image-raw-size", $"The raw image has {record.Content.Length} bytes; {raw.Width} x {raw.Height} x {raw.Channels} are needed.");
        }

        if (raw.Width == spec.Width && raw.Height == spec.Height && raw.Channels == spec.Channels && raw.ChannelMajor && spec.Layout == "NCHW")
        {
            CopyPlanes(record.Content.Span, destination);
            return null;
        }

        LayOut(Fit(Interleave(record.Content.Span, raw).WithChannels(spec.Channels)), destination);
        return null;
    }

    internal static Pixels Interleave(ReadOnlySpan<byte> content, RawImage raw)
    {
        if (!raw.ChannelMajor || raw.Channels == 1)
        {
            return new(raw.Width, raw.Height, raw.Channels, content.ToArray());
        }

        var plane = raw.Width * raw.Height;
        var samples = new byte[content.Length];
        for (var i = 0; i < plane; i++)
        {
            for (var channel = 0; channel < raw.Channels; channel++)
            {
                samples[(i * raw.Channels) + channel] = content[(channel * plane) + i];
            }
        }

        return new(raw.Width, raw.Height, raw.Channels, samples);
    }

    private Pixels Fit(Pixels image)
    {
        if (spec.Resize == "stretch")
        {
            return (image.Width, image.Height) == (spec.Width, spec.Height)
                ? image
                : Resampler.Resize(image, spec.Resample, (spec.Width, spec.Height), 0, 0, spec.Width, spec.Height);
        }

        var edge = spec.ShortestEdge ?? Math.Max(spec.Width, spec.Height);
        var least = Math.Min(image.Width, image.Height);
        var full = (Width: (int)((long)edge * image.Width / least), Height: (int)((long)edge * image.Height / least));
        return Resampler.Resize(image, spec.Resample, full, (full.Width - spec.Width) / 2, (full.Height - spec.Height) / 2, spec.Width, spec.Height);
    }

    // Mean and std stand in the tensor's own channel order, as in the models that use BGR.
    private int Slot(int channel) => spec.ChannelOrder == "BGR" && spec.Channels == 3 ? 2 - channel : channel;

    private void LayOut(Pixels image, Span<float> destination)
    {
        var plane = spec.Width * spec.Height;
        for (var channel = 0; channel < spec.Channels; channel++)
        {
            var slot = Slot(channel);
            var values = table.AsSpan(slot * 256, 256);
            var (start, step) = spec.Layout == "NCHW" ? (slot * plane, 1) : (slot, spec.Channels);
            for (var i = 0; i < plane; i++)
            {
                destination[start + (i * step)] = values[image.Samples[(i * spec.Channels) + channel]];
            }
        }
    }

    private void CopyPlanes(ReadOnlySpan<byte> content, Span<float> destination)
    {
        var plane = spec.Width * spec.Height;
        for (var channel = 0; channel < spec.Channels; channel++)
        {
            var slot = Slot(channel);
            var values = table.AsSpan(slot * 256, 256);
            var from = content.Slice(channel * plane, plane);
            var to = destination.Slice(slot * plane, plane);
            for (var i = 0; i < plane; i++)
            {
                to[i] = values[from[i]];
            }
        }
    }
}
