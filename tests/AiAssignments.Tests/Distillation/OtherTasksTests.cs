using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Pipeline.Optimizations.Distillation;
using AiAssignments.Tests.Support;
using AiAssignments.Tests.Training;

namespace AiAssignments.Tests.Distillation;

/// <summary>Images and taggings from a teacher to a model folder.</summary>
public class OtherTasksTests
{
    [Fact]
    public async Task An_image_student_learns_from_copies_that_the_teacher_answers()
    {
        using var folder = new TemporaryFolder();
        var (dataset, teacher) = Bars(200);
        var options = new DistillationOptions
        {
            Epochs = 8,
            BatchSize = 20,
            LearningRate = 0.01,
            Image = new ImageStudentOptions { Stages = [new(6), new(8, 1)], Copies = 3, Dropout = 0 },
        };
        var result = await DistillationRun.RunAsync(teacher, dataset, options, folder.Path);

        Assert.Equal(600, teacher.Asked);
        Assert.Equal(ModelTask.ImageClassification, result.Card.Task);
        Assert.Equal("distill:T=3,a=0.5,student=convolutions-6-8-8", result.Card.Lineage!.Pass);
        Assert.Equal((12, 12, 1), (result.Card.Image!.Width, result.Card.Image.Height, result.Card.Image.Channels));
        Assert.True(result.Facts.StudentAccuracy > 0.9, $"{result.Facts}");
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        var again = TeacherOf();
        await DistillationRun.RunAsync(again, dataset, options with { Alpha = 0.9 }, folder.Path);
        Assert.Equal(0, again.Asked);
    }

    [Fact]
    public async Task An_image_that_cannot_be_decoded_is_left_out()
    {
        using var folder = new TemporaryFolder();
        var (dataset, teacher) = Bars(60);
        var broken = (ImageRecord)dataset.Records[5] with { Content = new byte[] { 1, 2, 3 }, Raw = null };
        var result = await DistillationRun.RunAsync(
            teacher,
            dataset with { Records = [.. dataset.Records.Select((record, i) => i == 5 ? broken : record)] },
            new DistillationOptions { Epochs = 1, Image = new ImageStudentOptions { Stages = [new(2)], Copies = 2 } },
            folder.Path);

        Assert.Equal(1, result.Facts.SkippedRecords);
    }

    [Fact]
    public async Task A_smaller_student_sees_the_images_at_its_own_size()
    {
        using var folder = new TemporaryFolder();
        var (dataset, teacher) = Bars(60);
        var result = await DistillationRun.RunAsync(
            teacher, dataset, new DistillationOptions { Epochs = 1, Image = new ImageStudentOptions { Width = 8, Height = 6, Stages = [new(2), new(3)], Copies = 2 } }, folder.Path);

        Assert.Equal((8, 6), (result.Card.Image!.Width, result.Card.Image.Height));
        Assert.InRange(result.LargestDifference, 0, 1e-5);
    }

    [Theory]
    [InlineData(8, 8, 6)]
    [InlineData(256, 1024, 2)]
    public async Task Stages_that_do_not_fit_the_image_or_the_memory_are_refused(int size, int filters, int stages)
    {
        using var folder = new TemporaryFolder();
        var (dataset, teacher) = Bars(60);
        var options = new DistillationOptions
        {
            Image = new ImageStudentOptions { Width = size, Height = size, Stages = [.. Enumerable.Repeat(new ConvolutionStage(filters, 1), stages)], Copies = 1 },
        };
        var refused = await Assert.ThrowsAsync<ProblemException>(() => DistillationRun.RunAsync(teacher, dataset, options, folder.Path));

        Assert.Equal("distill-option", refused.Problem.Code);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_tagging_student_learns_words_with_and_without_tags()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["Anna", "Berta", "Cleo", "Dora"];
        var records = new List<DatasetRecord>();
        for (var i = 0; i < 240; i++)
        {
            string[] words = ["then", names[i % 4], names[i / 4 % 4], "went", i % 5 == 0 ? "home" : "to", "x" + (i % 7)];
            string[] tags = ["O", "I-PER", "I-PER", "O", "O", "O"];
            records.Add(new WordsRecord(new(i, i, i), words, i % 3 == 0 ? null : tags, []));
        }

        var labels = new[] { "O", "B-PER", "I-PER" };
        var teacher = new FunctionTeacher(ModelTask.TokenClassification, labels, record => [.. ((WordsRecord)record).Words.SelectMany((word, i) =>
        {
            var label = !names.Contains(word) ? 0 : i == 1 ? 1 : 2;
            return Enumerable.Range(0, 3).Select(one => one == label ? 4f : 0f);
        })]);
        var dataset = new DistillationDataset { Name = "names.conll", ContentHash = "names", Task = ModelTask.TokenClassification, Records = records };
        var result = await DistillationRun.RunAsync(
            teacher,
            dataset,
            new DistillationOptions { Epochs = 10, LearningRate = 0.01, BatchSize = 16, Tagging = new TaggingStudentOptions { Buckets = 2048, Hidden = 16, Dimensions = 8, MaxWords = 8 } },
            folder.Path);

        // IOB1 tags of the data are IOB2 labels of the teacher.
        Assert.Equal(1, result.Facts.TeacherAccuracy);
        Assert.True(result.Facts.StudentAccuracy > 0.97, $"{result.Facts}");
        Assert.InRange(result.Facts.UnlabelledRecords, 60, 80);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        Assert.Contains(result.Card.Claims!.Keys, name => name.StartsWith("share of right words (", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("IOB2", "O B-A I-A B-A O B-B")]
    [InlineData("IOB1", "O I-A I-A B-A O I-B")]
    [InlineData("IOBES", "O B-A E-A S-A O S-B")]
    public void Tags_are_spelled_in_the_scheme_of_the_labels(string scheme, string expected)
    {
        Assert.Equal(expected.Split(' '), TagSpelling.In(TagScheme.Parse(scheme), ["O", "B-A", "I-A", "B-A", "O", "B-B"]));
    }

    private static (DistillationDataset Dataset, FunctionTeacher Teacher) Bars(int count)
    {
        var (images, labels) = ToyTasks.Bars(count, 1);
        var records = images.Select((image, i) => (DatasetRecord)new ImageRecord(
            new(i, i * 145L),
            Array.ConvertAll(image, value => (byte)Math.Clamp((value + 0.5f) * 110, 0, 255)),
            new RawImage(12, 12, 1, true),
            labels[i] == 0 ? "lying" : "standing",
            []));
        return (new DistillationDataset { Name = "bars.zip", ContentHash = "bars", Task = ModelTask.ImageClassification, Records = [.. records] }, TeacherOf());
    }

    // Sums of the brightest row and column, far apart where there is a bar; a shift or a mirror changes neither.
    private static FunctionTeacher TeacherOf() => new(ModelTask.ImageClassification, ["lying", "standing"], record =>
    {
        var image = (ImageRecord)record;
        if (image.Raw is null)
        {
            return null;
        }

        var pixels = image.Content.ToArray();
        var row = Enumerable.Range(0, 12).Max(y => Enumerable.Range(0, 12).Sum(x => pixels[(y * 12) + x]));
        var column = Enumerable.Range(0, 12).Max(x => Enumerable.Range(0, 12).Sum(y => pixels[(y * 12) + x]));
        return [(row - column) / 200f, (column - row) / 200f];
    });
}
