using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Optimization.Distillation.Teachers;

/// <summary>
/// Asks a teacher once and keeps its answers in files of a folder, in the teacher's order of labels. The folder's name is a hash of what decides the answers;
/// a file that is there and whole is not asked for again, so a killed run goes on where it was.
/// </summary>
/// <param name="folder">Folder of all caches.</param>
/// <param name="chunkEntries">Entries a file, 1 or more.</param>
/// <param name="mostInMemory">Most logits kept in memory afterwards.</param>
internal sealed class TeacherCache(string folder, int chunkEntries, long mostInMemory)
{
    /// <summary>Asks for what is missing, and opens all.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="entries">Number of entries.</param>
    /// <param name="contentKey">What decides the entries: the dataset's hash and how copies are made.</param>
    /// <param name="fromTeacher">The teacher's index of each of the student's labels.</param>
    /// <param name="records">The records of a range of entries (first, count).</param>
    /// <param name="onChunk">Told entries done and whether they had to be asked for, after each file.</param>
    /// <param name="cancellationToken">Stops between files' batches; whole files stay.</param>
    /// <exception cref="ProblemException"><c>distill-teacher-answer</c>: an answer does not have the record's rows or is not finite.</exception>
    public async Task<TeacherLogits> FillAsync(
        ITeacher teacher,
        int entries,
        string contentKey,
        int[] fromTeacher,
        Func<int, int, IReadOnlyList<DatasetRecord>> records,
        Action<int, bool>? onChunk,
        CancellationToken cancellationToken)
    {
        var labels = teacher.Card.Labels.Count;
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1\n{teacher.ContentHash}\n{contentKey}\n{entries}\n{chunkEntries}")));
        var own = Path.Combine(folder, Convert.ToHexStringLower(key.AsSpan(0, 16)));
        Directory.CreateDirectory(own);
        var rows = new int[entries];
        var paths = new List<string>();
        for (var first = 0; first < entries; first += chunkEntries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ordinal = paths.Count;
            var count = Math.Min(chunkEntries, entries - first);
            var path = Path.Combine(own, string.Create(CultureInfo.InvariantCulture, $"{ordinal:D6}.logits"));
            var found = LogitChunk.Read(path, key, ordinal, labels, count);
            var asked = found is null;
            if (found is null)
            {
                var asking = records(first, count);
                var answers = await teacher.AnswerAsync(asking, cancellationToken).ConfigureAwait(false);
                LogitChunk.Write(path, key, ordinal, labels, Check(asking, answers, labels, teacher.Card.Name));
                found = [.. answers.Select(answer => (answer.Logits?.Length ?? 0) / labels)];
            }

            found.CopyTo(rows, first);
            paths.Add(path);
            onChunk?.Invoke(first + count, asked);
        }

        return new TeacherLogits(paths, rows, chunkEntries, fromTeacher, mostInMemory);
    }

    private static List<float[]?> Check(IReadOnlyList<DatasetRecord> asked, IReadOnlyList<TeacherAnswer> answers, int labels, string teacher)
    {
        if (answers.Count != asked.Count)
        {
            throw new ProblemException("distill-teacher-answer", $"{teacher} answered {answers.Count} of {asked.Count} records; one answer each is needed.");
        }

        for (var i = 0; i < asked.Count; i++)
        {
            var wanted = asked[i] is WordsRecord sentence ? sentence.Words.Count : 1;
            if (answers[i].Logits is { } logits && (logits.Length != wanted * labels || logits.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)))
            {
                throw new ProblemException(
                    "distill-teacher-answer", $"{teacher} gave {logits.Length} logits; {wanted} x {labels} finite ones are needed.", asked[i].Position.ToString());
            }
        }

        return [.. answers.Select(answer => answer.Logits)];
    }
}
