using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Serving.Records;

/// <summary>Looks at what a caller brings before anything is computed or allocated for it.</summary>
internal static class RecordDoor
{
    /// <exception cref="ProblemException"><c>record-task-mismatch</c>, <c>request-too-large</c>.</exception>
    public static void Check(IReadOnlyList<DatasetRecord> records, ModelCard card, ModelServerOptions options)
    {
        var bytes = 0L;
        foreach (var record in records)
        {
            bytes += (card.Task, record) switch
            {
                (ModelTask.TextClassification, TextRecord text) =>
                    Text(text.Text.Length + (long)(text.Pair?.Length ?? 0), record, options),
                (ModelTask.TokenClassification, WordsRecord words) => Text(Length(words), record, options),
                (ModelTask.ImageClassification, ImageRecord image) => Image(image.Content.Length, record, options),
                _ => throw new ProblemException(
                    "record-task-mismatch", $"A {card.Task.Name()} model cannot score a {record.GetType().Name}.", record.Position.ToString()),
            };
            if (bytes > options.MostRequestBytes)
            {
                throw TooLarge($"The request has more than {options.MostRequestBytes} bytes of inputs; send them in several requests.", null);
            }
        }
    }

    private static long Length(WordsRecord words)
    {
        var length = 0L;
        foreach (var word in words.Words)
        {
            length += word.Length + 1;
        }

        return length;
    }

    private static long Text(long length, DatasetRecord record, ModelServerOptions options) =>
        length <= options.MostTextLength
            ? 2 * length
            : throw TooLarge($"The text has {length} characters; at most {options.MostTextLength} are taken.", record);

    private static long Image(long length, DatasetRecord record, ModelServerOptions options) =>
        length <= options.MostImageBytes
            ? length
            : throw TooLarge($"The image has {length} bytes; at most {options.MostImageBytes} are taken.", record);

    private static ProblemException TooLarge(FormattableString message, DatasetRecord? record) =>
        new("request-too-large", message.ToString(CultureInfo.InvariantCulture), record?.Position.ToString());
}
