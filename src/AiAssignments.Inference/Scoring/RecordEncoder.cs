using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Scoring;

/// <summary>Tokenizes the records of a shard on all cores; the result does not depend on how they were shared out.</summary>
internal sealed class RecordEncoder(ModelCard card, ITokenizer tokenizer, int maxLength)
{
    private const int RecordsPerPiece = 64;

    private const int MostKept = 4096;

    // Small requests come one after another on the same threads.
    [ThreadStatic]
    private static Encoding? ownEncoding;

    private readonly SentenceEncoder sentences = new(tokenizer, card.Tokenizer!, maxLength);

    /// <summary>The encoder of a model.</summary>
    public static RecordEncoder Of(ModelPackage package, ITokenizer tokenizer)
    {
        var longest = Math.Min(package.Card.Tokenizer!.MaxLength, package.Binding.FixedLength ?? int.MaxValue);
        return new(package.Card, tokenizer, longest / tokenizer.IdsPerPosition * tokenizer.IdsPerPosition);
    }

    /// <summary>The rows, in record order, and which records were cut.</summary>
    public (List<SequenceItem> Items, bool[] Truncated) Encode(IReadOnlyList<DatasetRecord> records, CancellationToken cancellationToken)
    {
        var truncated = new bool[records.Count];
        var pieces = new List<SequenceItem>[(records.Count + RecordsPerPiece - 1) / RecordsPerPiece];
        if (pieces.Length <= 1)
        {
            var items = new List<SequenceItem>(records.Count);
            var encoding = ownEncoding ?? new();
            EncodePiece(records, 0, records.Count, encoding, items, truncated, cancellationToken);
            ownEncoding = encoding.Count <= MostKept ? encoding : null;
            return (items, truncated);
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = Cores.Logical, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, pieces.Length, options, static () => new Encoding(), (piece, _, encoding) =>
            {
                var start = piece * RecordsPerPiece;
                pieces[piece] = new(RecordsPerPiece);
                EncodePiece(records, start, Math.Min(records.Count, start + RecordsPerPiece), encoding, pieces[piece], truncated, cancellationToken);
                return encoding;
            }, static _ => { });
        }
        catch (AggregateException failed) when (failed.InnerExceptions.FirstOrDefault(inner => inner is ProblemException) is ProblemException problem)
        {
            throw new ProblemException(problem.Problem, failed);
        }

        return ([.. pieces.SelectMany(piece => piece)], truncated);
    }

    private void EncodePiece(IReadOnlyList<DatasetRecord> records, int start, int end, Encoding encoding, List<SequenceItem> items, bool[] truncated, CancellationToken cancellationToken)
    {
        for (var i = start; i < end; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (records[i])
            {
                case TextRecord text when card.Task == ModelTask.TextClassification:
                    tokenizer.Encode(text.Text, text.Pair, text.Pair is not null, maxLength, encoding);
                    items.Add(new(i, Ids(encoding), SentenceEncoder.Types(encoding.TypeIds), null));
                    truncated[i] = encoding.Truncated;
                    break;
                case WordsRecord sentence when card.Task == ModelTask.TokenClassification:
                    if (SentenceLimits.Refuse(sentence, card.Labels.Count) is null)
                    {
                        sentences.Encode(i, sentence.Words, encoding, items, cancellationToken);
                    }

                    break;
                default:
                    throw new ProblemException(
                        "record-task-mismatch",
                        $"A {card.Task.Name()} model cannot score a {records[i].GetType().Name}; choose a dataset of its task.",
                        records[i].Position.ToString());
            }
        }
    }

    // A row without ids would be as wide as its batch's others, all of it masked: its numbers would be theirs. One position of padding, not masked, is the
    // same in every batch.
    private int[] Ids(Encoding encoding)
    {
        if (encoding.Count > 0)
        {
            return encoding.Ids.ToArray();
        }

        var ids = new int[tokenizer.IdsPerPosition];
        Array.Fill(ids, tokenizer.PadId);
        return ids;
    }
}
