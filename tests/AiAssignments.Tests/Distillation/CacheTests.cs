using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation.Teachers;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Distillation;

public class CacheTests
{
    [Fact]
    public async Task What_was_answered_is_not_asked_again()
    {
        using var folder = new TemporaryFolder();
        var first = Teacher();
        using var asked = await FillAsync(first, folder, 25, 1000);
        var second = Teacher();
        using var found = await FillAsync(second, folder, 25, 1000);

        Assert.Equal((25, 0), (first.Asked, second.Asked));
        AssertSame(asked, found);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.partial", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_stopped_run_asks_only_for_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        var stopped = Teacher(failsAtCall: 3);
        await Assert.ThrowsAsync<IOException>(() => FillAsync(stopped, folder, 25, 1000));
        var second = Teacher();
        using var resumed = await FillAsync(second, folder, 25, 1000);
        using var other = new TemporaryFolder();
        using var whole = await FillAsync(Teacher(), other, 25, 1000);

        Assert.Equal((20, 5), (stopped.Asked, second.Asked));
        AssertSame(whole, resumed);
    }

    [Theory]
    [InlineData("hash-of-another", "key")]
    [InlineData("hash-of-a-function", "another key")]
    public async Task Another_teacher_or_dataset_is_asked_for_anew(string hash, string key)
    {
        using var folder = new TemporaryFolder();
        using var before = await FillAsync(Teacher(), folder, 25, 1000);
        var teacher = Teacher(hash: hash);
        using var after = await FillAsync(teacher, folder, 25, 1000, key);

        Assert.Equal(25, teacher.Asked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(-40)]
    [InlineData(-1)]
    public async Task A_damaged_file_is_asked_for_again(int place)
    {
        using var folder = new TemporaryFolder();
        using (await FillAsync(Teacher(), folder, 25, 1000))
        {
        }

        var file = Directory.GetFiles(folder.Path, "000001.logits", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[place < 0 ? bytes.Length + place : place] ^= 0x10;
        File.WriteAllBytes(file, bytes);
        var teacher = Teacher();
        using var mended = await FillAsync(teacher, folder, 25, 1000);
        using var other = new TemporaryFolder();
        using var whole = await FillAsync(Teacher(), other, 25, 1000);

        Assert.Equal(10, teacher.Asked);
        AssertSame(whole, mended);
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_asked_for_again()
    {
        using var folder = new TemporaryFolder();
        using (await FillAsync(Teacher(), folder, 25, 1000))
        {
        }

        var file = Directory.GetFiles(folder.Path, "000002.logits", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..30]);
        var teacher = Teacher();
        using var mended = await FillAsync(teacher, folder, 25, 1000);

        Assert.Equal(5, teacher.Asked);
    }

    [Fact]
    public async Task Answers_read_from_files_are_those_in_memory()
    {
        using var folder = new TemporaryFolder();
        using var memory = await FillAsync(Teacher(), folder, 25, 1000);
        using var files = await FillAsync(Teacher(), folder, 25, 3);

        Assert.True(memory.IsInMemory);
        Assert.False(files.IsInMemory);
        AssertSame(memory, files);
    }

    [Fact]
    public async Task A_record_without_an_answer_has_no_rows()
    {
        using var folder = new TemporaryFolder();
        var teacher = new FunctionTeacher(ModelTask.TokenClassification, ["a", "b"], record => record.Position.Index == 7 ? null : Answer(record));
        using var answers = await FillAsync(teacher, folder, 25, 1000);

        Assert.Equal(0, answers.RowsOf(7));
        Assert.Equal(3, answers.RowsOf(8));
        Assert.Equal(2, answers.RowsOf(9));
    }

    [Theory]
    [InlineData(new float[] { 1 })]
    [InlineData(new float[] { 1, float.NaN })]
    [InlineData(new float[] { 1, float.PositiveInfinity })]
    [InlineData(new float[] { 1, 2, 3, 4 })]
    public async Task An_answer_of_another_shape_or_no_number_is_refused(float[] answer)
    {
        using var folder = new TemporaryFolder();
        var teacher = new FunctionTeacher(ModelTask.TextClassification, ["a", "b"], _ => answer);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => new TeacherCache(folder.Path, 4, 1000).FillAsync(
            teacher, 1, "key", [0, 1], (_, _) => [new TextRecord(default, "text", null, null, [])], null, CancellationToken.None));

        Assert.Equal("distill-teacher-answer", refused.Problem.Code);
        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    internal static Task<TeacherLogits> FillAsync(FunctionTeacher teacher, TemporaryFolder folder, int count, long mostInMemory, string key = "key") =>
        new TeacherCache(folder.Path, 10, mostInMemory).FillAsync(
            teacher,
            count,
            key,
            [0, 1],
            (first, many) => [.. Enumerable.Range(first, many).Select(i => teacher.Card.Task == ModelTask.TokenClassification ? Sentence(i) : (DatasetRecord)new TextRecord(new(i, 0), "t", null, null, []))],
            null,
            CancellationToken.None);

    private static FunctionTeacher Teacher(int failsAtCall = 0, string hash = "hash-of-a-function") =>
        new(ModelTask.TokenClassification, ["a", "b"], Answer) { FailsAtCall = failsAtCall, ContentHash = hash };

    private static WordsRecord Sentence(int i) => new(new(i, 0), [.. Enumerable.Repeat("word", 1 + (i % 4) + (i == 8 ? 2 : 0))], null, []);

    private static float[] Answer(DatasetRecord record)
    {
        var words = ((WordsRecord)record).Words.Count;
        return [.. Enumerable.Range(0, 2 * words).Select(i => (float)((record.Position.Index * 10) + i))];
    }

    private static void AssertSame(TeacherLogits expected, TeacherLogits actual)
    {
        float[] one = new float[2];
        float[] other = new float[2];
        for (var entry = 0; entry < 25; entry++)
        {
            Assert.Equal(expected.RowsOf(entry), actual.RowsOf(entry));
            for (var row = 0; row < expected.RowsOf(entry); row++)
            {
                expected.Read(entry, row, one);
                actual.Read(entry, row, other);
                Assert.Equal(one, other);
                Assert.Equal((entry * 10) + (2 * row), one[0]);
            }
        }
    }
}
