using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Says what a file that is not ONNX looks like, by its first bytes.</summary>
internal static class FirstBytes
{
    /// <summary>Refuses what is plainly something else. An ONNX file starts with the field <c>ir_version</c> (byte 0x08) in every exporter known.</summary>
    public static void RefuseOthers(Stream stream, string path)
    {
        Span<byte> head = stackalloc byte[64];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (Name(head) is { } found)
        {
            throw new ProblemException("onnx-not-a-model", $"This is not an ONNX file: {found}.", path);
        }
    }

    internal static string? Name(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return "it is empty";
        }

        if (head.StartsWith("version https://git-lfs"u8))
        {
            return "it is a Git LFS pointer; fetch the real file with 'git lfs pull'";
        }

        if (head.StartsWith("PK\x03\x04"u8))
        {
            return "it is a zip archive (a PyTorch checkpoint is one, too); unpack or export it first";
        }

        if (head.StartsWith("GGUF"u8))
        {
            return "it is a GGUF file; export the model to ONNX";
        }

        if (head.Length >= 8 && head[4..8].SequenceEqual("TFL3"u8))
        {
            return "it is a TensorFlow Lite file; convert it to ONNX";
        }

        if (head[0] == 0x1F && head.Length > 1 && head[1] == 0x8B)
        {
            return "it is gzip data; unpack it first";
        }

        if (head[0] == 0x89 && head[1..].StartsWith("HDF"u8))
        {
            return "it is an HDF5 file (Keras); export the model to ONNX";
        }

        if (head.Length > 9 && head[8] == (byte)'{' && head[3..8].IndexOfAnyExcept((byte)0) < 0)
        {
            return "it is a safetensors file (weights without a graph); export the model to ONNX";
        }

        if (head[0] == 0x80 && head.Length > 1 && head[1] is >= 2 and <= 5)
        {
            return "it is a Python pickle; export the model to ONNX";
        }

        var text = head.TrimStart((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0D, 0x0A]);
        if (text.StartsWith("<"u8))
        {
            return "it is an HTML or XML page, perhaps the error page of a failed download";
        }

        return text.StartsWith("{"u8) || text.StartsWith("["u8) ? "it is JSON"
            : head.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) is < 0 or > 32 ? "it is text"
            : null;
    }
}
