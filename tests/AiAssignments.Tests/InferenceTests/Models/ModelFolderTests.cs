using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Onnx;
using AiAssignments.Onnx.Shapes;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.InferenceTests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("model.onnx", "bert", 512, 512)]
    [InlineData("onnx/model.onnx", "roberta", 514, 512)]
    public void Opens_a_hugging_face_export(string graph, string type, int positions, int longest)
    {
        BertShape.Build(new(1, 8, 2, 16, 50, 12, 3, PerToken: true), 1).Write(folder.File(graph));
        Write("config.json", $$"""{"architectures":["{{type}}ForTokenClassification"],"model_type":"{{type}}","max_position_embeddings":{{positions}},"id2label":{"0":"O","2":"I-PER","1":"B-PER"} }""");
        Write("tokenizer_config.json", """{"model_max_length":1000000000000000019884624838656}""");
        Write("vocab.txt", "[PAD]\n[UNK]\n");

        var package = ModelFolder.Open(folder.Path, new ModelOverrides { Name = "tagger" });

        Assert.Equal(ModelTask.TokenClassification, package.Card.Task);
        Assert.Equal(["O", "B-PER", "I-PER"], package.Card.Labels);
        Assert.Equal(new TokenizerSpec("wordpiece", longest), package.Card.Tokenizer);
        Assert.Equal(package.ContentHash["xxh128:".Length..][..12], package.Card.Version);
        Assert.Equal(("attention_mask", "token_type_ids", "logits"), (package.Binding.Mask, package.Binding.Types, package.Binding.Output));
    }

    [Fact]
    public void Opens_a_hugging_face_image_export()
    {
        TinyGraphs.ChannelMeans().Write(folder.File("model.onnx"));
        Write("config.json", """{"architectures":["ViTForImageClassification"],"num_labels":3}""");
        Write("preprocessor_config.json", """{"do_resize":true,"size":{"height":4,"width":4},"resample":3,"do_rescale":true,"rescale_factor":0.00392156862745098,"do_normalize":true,"image_mean":[0.5,0.4,0.3],"image_std":[0.1,0.2,0.3]}""");

        var package = ModelFolder.Open(folder.Path);

        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], package.Card.Labels);
        Assert.Equal("4 x 4 x 3 NCHW stretch bicubic", $"{package.Card.Image!.Width} x {package.Card.Image.Height} x {package.Card.Image.Channels} {package.Card.Image.Layout} {package.Card.Image.Resize} {package.Card.Image.Resample}");
        Assert.Equal([0.5, 0.4, 0.3], package.Card.Image.Mean);
    }

    [Fact]
    public void The_hash_follows_the_files_that_decide_the_numbers()
    {
        string Hash(ModelOverrides? said = null) => ModelFolder.Open(folder.Path, said).ContentHash;
        Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3));
        var first = Hash();

        Write("README.md", "not deciding");
        Assert.Equal(first, Hash());
        Assert.Equal(first, Hash(new ModelOverrides { Name = "renamed" }));
        Assert.NotEqual(first, Hash(new ModelOverrides { MaxLength = 8 }));
        Assert.NotEqual(first, Hash(new ModelOverrides { Labels = ["a", "b", "c"] }));
        Assert.NotEqual(Hash(new ModelOverrides { Labels = ["x", "b", "c"] }), Hash(new ModelOverrides { Labels = ["a", "b", "c"] }));
        Write("vocab.txt", "[PAD]");
        Assert.NotEqual(first, Hash());
    }

    [Fact]
    public void A_single_file_takes_options_and_says_what_is_missing()
    {
        var path = TinyGraphs.ChannelMeans().Write(folder.File("My Model.onnx"));
        var said = new ModelOverrides { Task = ModelTask.ImageClassification, Labels = ["r", "g", "b"], ImageMean = [0, 0, 0] };

        Assert.Equal("model-card-missing", Packages.Refused(() => ModelFolder.Open(path)).Code);
        Assert.Contains("std", Packages.Refused(() => ModelFolder.Open(path, said)).Message, StringComparison.Ordinal);

        var card = ModelFolder.Open(path, said with { ImageStd = [1, 1, 1] }).Card;
        Assert.Equal("my-model", card.Name);
        Assert.Equal((4, 4, 3, "NCHW"), (card.Image!.Width, card.Image.Height, card.Image.Channels, card.Image.Layout));
    }

    [Fact]
    public void The_only_other_graph_is_used_and_said_and_several_are_refused()
    {
        Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3));
        File.Move(folder.File("model.onnx"), folder.File("model_quantized.onnx"));
        Assert.Contains("model_quantized.onnx", Assert.Single(ModelFolder.Open(folder.Path).Notes), StringComparison.Ordinal);

        File.Copy(folder.File("model_quantized.onnx"), folder.File("model_fp16.onnx"));
        Assert.Equal("model-ambiguous", Packages.Refused(() => ModelFolder.Open(folder.Path)).Code);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_what_was_found()
    {
        Problem Refuse(ModelProto model, ModelTask task, int labels) => Packages.Refused(() => Packages.Open(folder, model, Packages.Card(task, labels)));

        var count = Refuse(TinyGraphs.Text(3), ModelTask.TextClassification, 2);
        Assert.Equal("model-label-count", count.Code);
        Assert.Contains("has 2 labels", count.Message, StringComparison.Ordinal);

        Assert.Contains("input_ids: float", Refuse(TinyGraphs.Text(3, DataType.Float), ModelTask.TextClassification, 3).Message, StringComparison.Ordinal);
        Assert.Contains("[batch, sequence, labels]", Refuse(TinyGraphs.Text(3), ModelTask.TokenClassification, 3).Message, StringComparison.Ordinal);
        Assert.Contains("pixels", Refuse(TinyGraphs.ChannelMeans(), ModelTask.TextClassification, 3).Message, StringComparison.Ordinal);
        Assert.Contains("NCHW", Refuse(TinyGraphs.ChannelMeans(nhwc: true), ModelTask.ImageClassification, 3).Message, StringComparison.Ordinal);

        var extra = TinyGraphs.Text(3);
        extra.Graph.Input.Add(new ValueInfoProto(extra.Graph.Input[0]) { Name = "position_ids" });
        Assert.Contains("position_ids", Refuse(extra, ModelTask.TextClassification, 3).Message, StringComparison.Ordinal);

        var two = TinyGraphs.Text(3);
        two.Graph.Output[0].Name = "first";
        two.Graph.Output.Add(new ValueInfoProto(two.Graph.Output[0]) { Name = "second" });
        Assert.Contains("second", Refuse(two, ModelTask.TextClassification, 3).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"architectures":["BertForMaskedLM"]}""", "model-unsupported")]
    [InlineData("""{"architectures":["BertForSequenceClassification"],"problem_type":"multi_label_classification","id2label":{"0":"a","1":"b","2":"c"}}""", "model-unsupported")]
    [InlineData("""{"architectures":["BertForSequenceClassification"],"id2label":{"0":"a","2":"b"}}""", "model-config-invalid")]
    [InlineData("""{"architectures":["BertForSequenceClassification"],"id2label":{"0":"a","1":3}}""", "model-config-invalid")]
    [InlineData("""{"architectures":["BertForSequenceClassification"],"id2label":{"0":"a","1":"a","2":"b"}}""", "model-card-invalid")]
    [InlineData("""{"architectures":["BertForSequenceClassification"],""", "model-config-invalid")]
    [InlineData("""[1]""", "model-config-invalid")]
    public void A_configuration_that_cannot_be_followed_is_refused(string config, string code)
    {
        TinyGraphs.Text(3).Write(folder.File("model.onnx"));
        Write("config.json", config);
        Write("vocab.txt", "[PAD]");

        Assert.Equal(code, Packages.Refused(() => ModelFolder.Open(folder.Path)).Code);
    }

    [Fact]
    public void A_fixed_shape_too_large_to_run_at_once_is_refused()
    {
        Problem Refuse(ModelProto model, ModelCard card) => Packages.Refused(() => Packages.Open(folder, model, card));

        // 4,096 rows of 2^20 ids overflow a 32-bit product; 4,096 x 8,192 x 2 inputs are exactly the bound.
        Assert.Equal("model-does-not-fit", Refuse(TinyGraphs.Text(3, batch: 4096), Packages.Card(ModelTask.TextClassification, 3, 1 << 20)).Code);
        Assert.Contains("67117056", Refuse(TinyGraphs.Text(3, batch: 4096, length: 8193), Packages.Card(ModelTask.TextClassification, 3)).Message, StringComparison.Ordinal);
        Packages.Open(folder, TinyGraphs.Text(3, batch: 4096, length: 8192), Packages.Card(ModelTask.TextClassification, 3));

        var card = Packages.Card(ModelTask.ImageClassification, 3);
        var large = card with { Image = card.Image! with { Width = 4096, Height = 4096 } };
        Assert.Equal("model-does-not-fit", Refuse(TinyGraphs.ChannelMeans(batch: 2, side: 4096), large).Code);
        Packages.Open(folder, TinyGraphs.ChannelMeans(batch: 1, side: 4096), large);
    }

    [Fact]
    public void A_scalar_output_and_too_many_labels_are_refused_without_counting_them_out()
    {
        var scalar = TinyGraphs.Text(3);
        scalar.Graph.Output[0].Type.TensorType.Shape.Dim.Clear();
        scalar.Write(folder.File("model.onnx"));
        Write("config.json", """{"architectures":["BertForSequenceClassification"]}""");
        Write("vocab.txt", "[PAD]");
        Assert.Equal("model-config-invalid", Packages.Refused(() => ModelFolder.Open(folder.Path)).Code);

        TinyGraphs.Text(3, batch: 1, declared: (1L << 31) - 1).Write(folder.File("model.onnx"));
        Assert.Equal("model-card-invalid", Packages.Refused(() => ModelFolder.Open(folder.Path)).Code);

        var labels = Packages.Refused(() => Packages.Open(folder, TinyGraphs.Tagger(), Packages.Card(ModelTask.TokenClassification, 4097)));
        Assert.Equal("model-card-invalid", labels.Code);
        Assert.Contains("4096", labels.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_export_without_a_tokenizer_is_refused()
    {
        TinyGraphs.Text(3).Write(folder.File("model.onnx"));
        Write("config.json", """{"architectures":["BertForSequenceClassification"],"num_labels":3}""");

        Assert.Equal("tokenizer-missing", Packages.Refused(() => ModelFolder.Open(folder.Path)).Code);
    }

    private void Write(string name, string text) => File.WriteAllText(folder.File(name), text);
}
