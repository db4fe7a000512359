namespace AiAssignments.Inference.Images;

/// <summary>What decoding gave. To be disposed once the pixels, and what was made of them, are no longer used.</summary>
/// <param name="Pixels">The pixels; <c>null</c> when the image cannot be decoded.</param>
/// <param name="Code">Why not.</param>
/// <param name="Message">Why not, in words.</param>
/// <param name="Share">The pixels' share of the memory for decoding.</param>
internal readonly record struct DecodedImage(Pixels? Pixels, string Code, string Message, IDisposable? Share) : IDisposable
{
    public void Dispose() => Share?.Dispose();
}
