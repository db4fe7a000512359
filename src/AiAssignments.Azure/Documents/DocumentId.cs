using System.Globalization;
using System.Text;
using AiAssignments.Core.Errors;

namespace AiAssignments.Azure.Documents;

/// <summary>
/// Ids as Cosmos DB takes them: without <c>/ \ ? #</c>, 1 to 1,023 bytes (learn.microsoft.com/azure/cosmos-db/concepts-limits). Of ASCII, all but letters, digits
/// and <c>- _ . @ :</c> is written as <c>~</c> and two hexadecimal digits: proxies decode <c>%</c>, and in gateway mode the SDK does not find ids with
/// <c>+ &lt; &gt; | $</c> by point reads (Azure/azure-cosmos-dotnet-v3, issue 4954). So are the ids <c>.</c> and <c>..</c>, which are steps in an address.
/// </summary>
internal static class DocumentId
{
    private const int MostBytes = 1023;

    public static string Encode(string id)
    {
        var encoded = new StringBuilder(id.Length);
        foreach (var c in id)
        {
            if ((c < '\x80' && !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '@' or ':')) || id is "." or "..")
            {
                encoded.Append(CultureInfo.InvariantCulture, $"~{(int)c:X2}");
            }
            else
            {
                encoded.Append(c);
            }
        }

        var text = encoded.ToString();
        return text.Length > 0 && Bytes(text) <= MostBytes
            ? text
            : throw new ProblemException("document-invalid", $"A document's id is 1 to {MostBytes} bytes of UTF-8, where of ASCII all but letters, digits and '-_.@:' counts as three.", id.Length > 100 ? id[..100] + "..." : id);
    }

    public static string Decode(string encoded)
    {
        if (!encoded.Contains('~', StringComparison.Ordinal))
        {
            return encoded;
        }

        var id = new StringBuilder(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '~' && i + 2 < encoded.Length && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                id.Append((char)escaped);
                i += 2;
            }
            else
            {
                id.Append(encoded[i]);
            }
        }

        return id.ToString();
    }

    private static int Bytes(string text)
    {
        try
        {
            return StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            // Half a surrogate pair: two such ids would become the same bytes.
            return int.MaxValue;
        }
    }

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
