using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Teachers;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Distillation;

public class DistillationLossTests
{
    private static readonly float[] Taught = [2f, -1f, 0.5f, 4f];
    private static readonly float[] Own = [0.3f, -1.2f, 2f, 0.1f];

    [Theory]
    [InlineData(3, 0.5, 2)]
    [InlineData(1, 0.9, 0)]
    [InlineData(20, 0.25, 3)]
    [InlineData(3, 1, -1)]
    [InlineData(3, 0.5, -1)]
    [InlineData(3, 0, 1)]
    public async Task Its_gradient_is_that_of_its_value(double temperature, double alpha, int label)
    {
        using var folder = new TemporaryFolder();
        using var answers = await AnswersAsync(folder, [0, 1, 2, 3]);
        var loss = new DistillationLoss(answers, [label < 0 ? null : [label]], 1, temperature, alpha);
        var gradient = new float[4];
        loss.Evaluate(0, 0, Own, gradient);
        for (var i = 0; i < 4; i++)
        {
            float[] above = [.. Own];
            float[] below = [.. Own];
            above[i] += 1e-2f;
            below[i] -= 1e-2f;
            var numeric = (loss.Evaluate(0, 0, above, new float[4]) - loss.Evaluate(0, 0, below, new float[4])) / ((double)above[i] - below[i]);
            Assert.Equal(numeric, gradient[i], 4);
        }
    }

    [Fact]
    public async Task Its_value_is_the_papers()
    {
        using var folder = new TemporaryFolder();
        using var answers = await AnswersAsync(folder, [0, 1, 2, 3]);
        var (p, q) = (Softmax(Taught, 3), Softmax(Own, 3));
        var divergence = p.Zip(q).Sum(pair => pair.First * Math.Log(pair.First / pair.Second));
        var entropy = -Math.Log(Softmax(Own, 1)[2]);

        Assert.Equal((0.5 * 9 * divergence) + (0.5 * entropy), Value(answers, [2], 3, 0.5), 9);
        Assert.Equal(entropy, Value(null, [2], 3, 0), 9);
        Assert.Equal(9 * divergence, Value(answers, [2], 3, 1), 9);
    }

    [Fact]
    public async Task Without_a_label_the_first_part_is_left()
    {
        using var folder = new TemporaryFolder();
        using var answers = await AnswersAsync(folder, [0, 1, 2, 3]);

        Assert.Equal(0.5 * Value(answers, [2], 3, 1), Value(answers, null, 3, 0.5), 12);
        var loss = new DistillationLoss(answers, [null], 1, 3, 0.5);
        Assert.True(loss.IsCorrect(0, 0, [0, 0, 0, 1]));
        Assert.False(loss.IsCorrect(0, 0, [0, 0, 1, 0]));
    }

    [Fact]
    public async Task A_student_that_says_what_the_teacher_says_has_no_divergence()
    {
        using var folder = new TemporaryFolder();
        using var answers = await AnswersAsync(folder, [0, 1, 2, 3]);
        var gradient = new float[4];

        // Logits are known up to a constant.
        Assert.Equal(0, new DistillationLoss(answers, [null], 1, 3, 1).Evaluate(0, 0, [.. Taught.Select(logit => logit + 7)], gradient), 9);
        Assert.All(gradient, value => Assert.Equal(0, value, 6));
    }

    [Fact]
    public async Task The_teachers_logits_come_in_the_students_order()
    {
        using var folder = new TemporaryFolder();
        using var answers = await AnswersAsync(folder, [3, 0, 2, 1]);
        var read = new float[4];
        answers.Read(0, 0, read);

        Assert.Equal([Taught[3], Taught[0], Taught[2], Taught[1]], read);
    }

    [Fact]
    public async Task Logits_far_apart_stay_finite()
    {
        using var folder = new TemporaryFolder();
        var teacher = new FunctionTeacher(ModelTask.TextClassification, ["a", "b"], _ => [800f, -800f]);
        using var answers = await CacheTests.FillAsync(teacher, folder, 1, 10);
        var gradient = new float[2];
        var value = new DistillationLoss(answers, [[1]], 1, 3, 0.5).Evaluate(0, 0, [-900f, 900f], gradient);

        Assert.Equal((0.5 * 9 * 1800 / 3.0) + 0, value, 6);
        Assert.All(gradient, one => Assert.True(float.IsFinite(one)));
    }

    private static double Value(TeacherLogits? answers, int[]? label, double temperature, double alpha) =>
        new DistillationLoss(answers, [label], 1, temperature, alpha).Evaluate(0, 0, Own, new float[4]);

    private static double[] Softmax(float[] logits, double temperature)
    {
        var powers = logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static Task<TeacherLogits> AnswersAsync(TemporaryFolder folder, int[] fromTeacher) =>
        new TeacherCache(folder.Path, 4, 1000).FillAsync(
            new FunctionTeacher(ModelTask.TextClassification, ["a", "b", "c", "d"], _ => Taught),
            1,
            "key",
            fromTeacher,
            (_, _) => [new TextRecord(default, "text", null, null, [])],
            null,
            CancellationToken.None);
}
