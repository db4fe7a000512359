using System.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads a tokenizer's files within limits and words what is wrong with them.</summary>
internal static class TokenizerProblems
{
    /// <summary>Largest file that is read, in bytes: many times the largest tokenizer in use.</summary>
    public const long LargestFile = 128L << 20;

    /// <summary>Largest token id: many times the largest vocabulary in use.</summary>
    public const int LargestId = (1 << 24) - 1;

    /// <summary>A component that is understood but not supported.</summary>
    public static ProblemException Unsupported(string component, string where) => new(
        "tokenizer-component-unsupported",
        $"The tokenizer uses {component}, which is not supported: WordPiece and byte-level BPE tokenizers are.",
        where);

    /// <summary>A file that breaks its format.</summary>
    public static ProblemException Invalid(string message, string where) => new("tokenizer-invalid", message, where);

    /// <summary>Reads a whole file as text in UTF-8.</summary>
    public static string ReadText(string path)
    {
        var bytes = ReadBytes(path);
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes.AsSpan(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
        }
        catch (DecoderFallbackException e)
        {
            throw Invalid($"The file is not UTF-8: invalid bytes at byte {e.Index}.", path);
        }
    }

    /// <summary>Parses a JSON file whose root must be an object.</summary>
    public static JsonDocument ReadJson(string path)
    {
        try
        {
            var bytes = ReadBytes(path);
            var document = JsonDocument.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw Invalid($"An object is needed at the root; found {document.RootElement.ValueKind}.", path);
        }
        catch (JsonException e)
        {
            throw new ProblemException(
                new Problem("tokenizer-invalid", $"The file is not JSON that can be read: {FirstSentence(e.Message)}", path),
                e);
        }
    }

    /// <summary>Checks that an id is one that a model can have.</summary>
    public static int CheckId(long id, string token, string where) => id is >= 0 and <= LargestId
        ? (int)id
        : throw Invalid($"The id {id} of the token '{Shorten(token)}' is outside 0..{LargestId}.", where);

    /// <summary>A text that fits in a message.</summary>
    public static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > LargestFile)
            {
                throw Invalid($"The file has {file.Length} bytes; at most {LargestFile} are read.", path);
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("tokenizer-unreadable", $"The file cannot be read: {FirstSentence(e.Message)}", path), e);
        }
    }

    private static string FirstSentence(string message)
    {
        var line = message.AsSpan();
        var end = line.IndexOf('\n');
        line = line[..Math.Min(end < 0 ? line.Length : end, 300)];
        return line.ToString();
    }
}
