using System.Text;
using AiAssignments.Core.Jobs;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Terminal;
using Spectre.Console;

namespace AiAssignments.Tests.Terminal;

public sealed class TerminalTests
{
    private static readonly EvaluationOutcome Outcome = new(
        new string('a', 32), "topic@1", "a[red]b\u001b[2J.csv", "text-classification", 1000, 3, "accuracy", new MetricEstimate(0.917, 0.904, 0.928, "wilson"), new MetricEstimate(null), 2156.4, "reports/x/");

    [Fact]
    public async Task On_a_terminal_jobs_are_bars_whatever_their_titles()
    {
        var (console, written) = Console(terminal: true);
        var view = new ProgressView(console);
        await view.RunAsync(async () =>
        {
            foreach (var title in new[] { "plain", "[bold]markup[/]", "open [", "\u001b[31mred", string.Empty })
            {
                view.Publish(new JobProgress(title, title, "scoring", 5, 10));
                view.Publish(new JobProgress(title + "-unknown", title, "staging", 5, 0));
            }

            await Task.Delay(250);
            view.Publish(new JobProgress("plain", "plain", "completed", 10, 10));
        });

        var text = written.ToString();
        Assert.Contains("[bold]markup[/]  scoring", text, StringComparison.Ordinal);
        Assert.Contains("50%", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[31mred", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_work_comes_out()
    {
        var (console, _) = Console(terminal: true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new ProgressView(console).RunAsync(() => throw new InvalidOperationException()));
    }

    [Fact]
    public async Task In_a_pipe_each_quarter_is_a_line_and_none_goes_back()
    {
        var (console, written) = Console(terminal: false);
        var view = new ProgressView(console);
        await view.RunAsync(() =>
        {
            foreach (var done in new[] { 0, 1, 60, 30, 99, 100 })
            {
                view.Publish(new JobProgress("id", "job", "scoring", done, 100));
            }

            view.Publish(new JobProgress("id", "job", "completed", 100, 100));
            return Task.CompletedTask;
        });
        Assert.Equal(["job: scoring 0 %", "job: scoring 50 %", "job: scoring 75 %", "job: scoring 100 %", "job: completed"], Lines(written));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Results_show_value_interval_and_an_unbroken_path_and_no_escape_sequence_of_a_name(bool terminal)
    {
        var (console, written) = Console(terminal);
        var path = "/data/" + new string('x', 300) + "/report.html";
        ResultsTable.Write(console, [Outcome], _ => path);
        var text = written.ToString();
        Assert.Contains("91.7 % [90.4, 92.8]", text, StringComparison.Ordinal);
        Assert.Contains("undefined", text, StringComparison.Ordinal);
        Assert.Contains(path, text, StringComparison.Ordinal);
        Assert.Contains("a[red]b\uFFFD[2J.csv", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u202Eb", "a\uFFFDb")]
    [InlineData("tab\tnul\0", "tab\uFFFDnul\uFFFD")]
    [InlineData("ö漢😀", "ö漢😀")]
    public void Text_from_outside_is_made_safe(string text, string safe) => Assert.Equal(safe, SafeText.Of(text));

    private static string[] Lines(StringWriter written) => written.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static (IAnsiConsole Console, StringWriter Written) Console(bool terminal)
    {
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new Screen(written, terminal),
        });
        console.Profile.Width = 160;
        return (console, written);
    }

    private sealed class Screen(TextWriter writer, bool terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal;

        public int Width => 160;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
