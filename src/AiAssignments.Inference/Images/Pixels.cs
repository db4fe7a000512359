namespace AiAssignments.Inference.Images;

/// <summary>Interleaved 8-bit samples.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Samples">Height x width x channels.</param>
internal sealed record Pixels(int Width, int Height, int Channels, byte[] Samples)
{
    /// <summary>Grey to RGB by repeating; RGB to grey by ITU-R BT.601 luma in 16-bit fixed point, as PIL's mode L.</summary>
    public Pixels WithChannels(int channels)
    {
        if (channels == Channels)
        {
            return this;
        }

        var result = new byte[Width * Height * channels];
        for (var i = 0; i < Width * Height; i++)
        {
            if (channels == 1)
            {
                result[i] = (byte)(((Samples[3 * i] * 19595) + (Samples[(3 * i) + 1] * 38470) + (Samples[(3 * i) + 2] * 7471) + 0x8000) >> 16);
            }
            else
            {
                result.AsSpan(3 * i, 3).Fill(Samples[i]);
            }
        }

        return new(Width, Height, channels, result);
    }
}
