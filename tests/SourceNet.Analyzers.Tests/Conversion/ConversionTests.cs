using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Conversion;
using SourceNet.Modeling.Sizes;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Analyzers.Tests.Conversion;

/// <summary>Hand-written modules and the declared models that they are converted to: the same names, the same outputs, the same gradients.</summary>
public class ConversionTests
{
    /// <summary>
    /// A name, the members of the class after its constructor's head, the arguments of the constructor, and the shape of a batch; -1 stands for tokens.
    /// </summary>
    public static TheoryData<string, string, object[], long[]> Models => new()
    {
        {
            "Mlp",
            """
            public sealed class Mlp : nn.Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = nn.Linear(12, 16);
                private readonly Linear fc2 = nn.Linear(16, 4);
                private readonly nn.Module<Tensor, Tensor> dropout = nn.Dropout(0.2);

                public Mlp() : base("mlp") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    using var flat = x.view(-1, 12);
                    using var hidden = nn.functional.relu(fc1.call(flat));
                    return fc2.call(dropout.call(hidden));
                }
            }
            """,
            [],
            [5, 12]
        },
        {
            "Cnn",
            """
            public class Cnn : nn.Module<Tensor, Tensor>
            {
                private nn.Module<Tensor, Tensor> conv1 = nn.Conv2d(1, 4, 3);
                private nn.Module<Tensor, Tensor> norm1 = nn.BatchNorm2d(4, eps: 1e-4);
                private nn.Module<Tensor, Tensor> conv2 = nn.Conv2d(4, 8, (3, 1), stride: (2, 1), padding: (1, 0), bias: false);
                private nn.Module<Tensor, Tensor> pool = nn.MaxPool2d(kernel_size: new long[] { 2, 2 });
                private nn.Module<Tensor, Tensor> relu1 = nn.ReLU(inplace: true);
                private nn.Module<Tensor, Tensor> flatten = nn.Flatten();
                private nn.Module<Tensor, Tensor> fc = nn.Linear(48, 3);

                public Cnn() : base("cnn") => RegisterComponents();

                public override Tensor forward(Tensor input)
                {
                    using var _ = NewDisposeScope();
                    var x = relu1.call(norm1.call(conv1.call(input)));
                    x = pool.call(conv2.call(x));
                    x = fc.call(flatten.call(x));
                    return x.MoveToOuterDisposeScope();
                }
            }
            """,
            [],
            [2, 1, 10, 8]
        },
        {
            "Tuples",
            """
            class Tuples : nn.Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.Sequential body;

                public Tuples(int hidden, double drop = 0.1) : base("tuples")
                {
                    body = nn.Sequential(
                        ("lin1", nn.Linear(6, hidden)), ("act", nn.Tanh()), ("drop", nn.Dropout(drop)), ("lin2", nn.Linear(hidden, 2 * hidden)));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """,
            [5, 0.1],
            [3, 6]
        },
        {
            "ResidualBlock",
            """
            public sealed class ResidualBlock : nn.Module<Tensor, Tensor>
            {
                private readonly nn.Module<Tensor, Tensor> conv1, bn1, conv2, bn2;

                public ResidualBlock(int planes) : base("block")
                {
                    conv1 = nn.Conv2d(planes, planes, 3, padding: 1, bias: false);
                    bn1 = nn.BatchNorm2d(planes);
                    conv2 = nn.Conv2d(planes, planes, 3, padding: 1, bias: true);
                    bn2 = nn.BatchNorm2d(planes, momentum: 0.05);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    var identity = x;
                    var y = bn1.call(conv1.call(x)).relu_();
                    y = bn2.call(conv2.call(y));
                    y = y + identity;
                    return y.relu();
                }
            }
            """,
            [3],
            [2, 3, 5, 5]
        },
        {
            "SmallUNet",
            """
            public sealed class SmallUNet : nn.Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.Sequential down =
                    nn.Sequential(nn.Conv2d(1, 4, 3, padding: 1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding: 1), nn.ReLU());
                private readonly TorchSharp.Modules.Conv2d deep = nn.Conv2d(4, 8, 3, padding: 1);
                private readonly TorchSharp.Modules.ConvTranspose2d grow = nn.ConvTranspose2d(8, 4, 2, stride: 2);
                private readonly TorchSharp.Modules.Conv2d last = nn.Conv2d(8, 1, 1);

                public SmallUNet() : base("unet") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    var skip = down.call(x);
                    var low = deep.call(nn.functional.max_pool2d(skip, 2)).relu();
                    return last.call(cat(new[] { grow.call(low), skip }, dim: 1));
                }
            }
            """,
            [],
            [2, 1, 8, 8]
        },
        {
            "WithLstm",
            """
            public sealed class WithLstm : nn.Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.LSTM lstmCore;
                private readonly Linear head;

                public WithLstm(long width, long hidden) : base("lstm")
                {
                    lstmCore = nn.LSTM(width, hidden, batchFirst: true);
                    head = nn.Linear(hidden, 3);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    var (output, h, c) = lstmCore.call(x, null);
                    return head.call(output.select(1, -1));
                }
            }
            """,
            [4L, 6L],
            [2, 7, 4]
        },
        {
            "Autoencoder",
            """
            public class Autoencoder : nn.Module<Tensor, Tensor>
            {
                private readonly nn.Module<Tensor, Tensor> encoder;
                private readonly nn.Module<Tensor, Tensor> decoder;

                public Autoencoder(int latent = 4) : base("autoencoder")
                {
                    encoder = nn.Sequential(nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, latent));
                    decoder = nn.Sequential(nn.Linear(latent, 8), nn.ReLU(), nn.Linear(8, 10), nn.Sigmoid());
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => decoder.call(encoder.call(x));
            }
            """,
            [4],
            [3, 10]
        },
        {
            "Gated",
            """
            public sealed class Gated : nn.Module<Tensor, Tensor>
            {
                private readonly Linear gate, up, down;

                public Gated(int dim, int hidden) : base("gated")
                {
                    gate = nn.Linear(dim, hidden, hasBias: false);
                    up = nn.Linear(dim, hidden, hasBias: false);
                    down = nn.Linear(hidden, dim, hasBias: false);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => down.call(nn.functional.silu(gate.call(x)) * up.call(x));
            }
            """,
            [6, 10],
            [2, 5, 6]
        },
        {
            "ByHand",
            """
            public class ByHand : nn.Module<Tensor, Tensor>
            {
                private readonly nn.Module<Tensor, Tensor> _body;
                private readonly nn.Module<Tensor, Tensor> _head;

                public ByHand() : base("net")
                {
                    _body = nn.Sequential(("fc", nn.Linear(8, 16)), ("act", nn.Tanh()));
                    register_module("body", _body);
                    register_module("head", _head = nn.Linear(16, 1));
                }

                public override Tensor forward(Tensor x) => _head.forward(_body.forward(x)).squeeze(-1);
            }
            """,
            [],
            [3, 8]
        },
        {
            "BagOfWords",
            """
            public class BagOfWords : nn.Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.Embedding tokens;
                private readonly Linear head;

                public BagOfWords(int vocabulary, int width) : base("bag")
                {
                    tokens = nn.Embedding(vocabulary, width);
                    head = nn.Linear(width, 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor ids) => head.call(tokens.call(ids).mean(new long[] { 1 }));
            }
            """,
            [20, 6],
            [-1, 3, 9]
        },
        {
            "Normed",
            """
            public class Normed : nn.Module<Tensor, Tensor>
            {
                private readonly Linear first, last;
                private readonly TorchSharp.Modules.LayerNorm norm;
                private readonly TorchSharp.Modules.BatchNorm1d batch;

                public Normed(int width) : base("normed")
                {
                    this.first = nn.Linear(width, width);
                    this.norm = nn.LayerNorm(width, eps: 1e-6);
                    this.batch = nn.BatchNorm1d(width);
                    this.last = nn.Linear(width, 2);
                    this.RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    x = norm.call(first.call(x)).gelu();
                    return last.call(batch.call(x));
                }
            }
            """,
            [6],
            [4, 6]
        },
        {
            "Grouped",
            """
            public class Grouped : nn.Module<Tensor, Tensor>
            {
                private readonly nn.Module<Tensor, Tensor> depthwise = nn.Conv2d(4, 4, 3, padding: 1, groups: 4);
                private readonly nn.Module<Tensor, Tensor> pointwise = nn.Conv2d(4, 8, 1);
                private readonly nn.Module<Tensor, Tensor> norm = nn.GroupNorm(2, 8);

                public Grouped() : base("grouped") => RegisterComponents();

                public override Tensor forward(Tensor x) => norm.call(pointwise.call(depthwise.call(x))).relu();
            }
            """,
            [],
            [2, 4, 6, 6]
        },
        {
            "Scaled",
            """
            public class Scaled : nn.Module<Tensor, Tensor>
            {
                private const double Eps = 1e-6;
                private readonly TorchSharp.Modules.Parameter gain;
                private readonly Linear proj;

                public Scaled(int dim) : base("scaled")
                {
                    gain = nn.Parameter(ones(dim));
                    proj = nn.Linear(dim, dim);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => Normalize(proj.call(x));

                private Tensor Normalize(Tensor x) => x * rsqrt(x.pow(2).mean(new long[] { -1 }, keepdim: true) + Eps) * gain;
            }
            """,
            [6],
            [2, 6]
        },
        {
            "Listed",
            """
            public class Listed : nn.Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.ModuleList<Linear> hidden;
                private readonly Linear last;

                public Listed(int width) : base("listed")
                {
                    hidden = nn.ModuleList<Linear>(nn.Linear(width, width), nn.Linear(width, width));
                    last = nn.Linear(width, 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in hidden)
                    {
                        x = layer.call(x).relu();
                    }

                    return last.call(x);
                }
            }
            """,
            [6],
            [2, 6]
        },
        {
            "Digits",
            """
            public class Digits : nn.Module<Tensor, Tensor>
            {
                private nn.Module<Tensor, Tensor> conv1 = nn.Conv2d(1, 3, 3);
                private nn.Module<Tensor, Tensor> conv2 = nn.Conv2d(3, 4, 3);
                private nn.Module<Tensor, Tensor> fc1 = nn.Linear(64, 8);
                private nn.Module<Tensor, Tensor> fc2 = nn.Linear(8, 5);
                private nn.Module<Tensor, Tensor> pool1 = nn.MaxPool2d(kernel_size: new long[] { 2, 2 });
                private nn.Module<Tensor, Tensor> relu1 = nn.ReLU();
                private nn.Module<Tensor, Tensor> dropout1 = nn.Dropout(0.25);
                private nn.Module<Tensor, Tensor> dropout2 = nn.Dropout(0.5);
                private nn.Module<Tensor, Tensor> flatten = nn.Flatten();
                private nn.Module<Tensor, Tensor> logsm = nn.LogSoftmax(1);

                public Digits(string name, Device device = null) : base(name)
                {
                    RegisterComponents();

                    if (device != null && device.type != DeviceType.CPU)
                        this.to(device);
                }

                public override Tensor forward(Tensor input)
                {
                    var l1 = relu1.forward(conv1.forward(input));
                    var l2 = dropout1.forward(pool1.forward(conv2.forward(l1)));
                    var l3 = dropout2.forward(fc1.forward(flatten.forward(l2)));
                    return logsm.forward(fc2.forward(l3));
                }
            }
            """,
            ["digits", null!],
            [2, 1, 12, 12]
        },
        {
            "Pooled",
            """
            public class Pooled : nn.Module<Tensor, Tensor>
            {
                private readonly nn.Module<Tensor, Tensor> features;
                private readonly nn.Module<Tensor, Tensor> avgPool;
                private readonly nn.Module<Tensor, Tensor> classifier;

                public Pooled(string name, int numClasses, Device device = null) : base(name)
                {
                    features = nn.Sequential(
                        ("c1", nn.Conv2d(3, 6, kernel_size: 3, stride: 2, padding: 1)),
                        ("r1", nn.ReLU(inplace: true)),
                        ("mp1", nn.MaxPool2d(kernel_size: new long[] { 2, 2 })),
                        ("c2", nn.Conv2d(6, 4, kernel_size: 3, padding: 1)),
                        ("r2", nn.ReLU(inplace: true)));
                    avgPool = nn.AdaptiveAvgPool2d(new long[] { 2, 2 });
                    classifier = nn.Sequential(("d1", nn.Dropout()), ("l1", nn.Linear(4 * 2 * 2, 12)), ("d2", nn.Dropout()), ("l2", nn.Linear(12, numClasses)));
                    RegisterComponents();
                    if (device != null)
                    {
                        this.to(device);
                    }
                }

                public override Tensor forward(Tensor input)
                {
                    var avg = avgPool.forward(features.forward(input));
                    return classifier.forward(avg.view(new long[] { avg.shape[0], 4 * 2 * 2 }));
                }
            }
            """,
            ["pooled", 5, null!],
            [2, 3, 17, 17]
        },
        {
            "Repeated",
            """
            public class Repeated : nn.Module<Tensor, Tensor>
            {
                private readonly long[] planes = new long[] { 8, 12, 16 };
                private readonly long[] strides = new long[] { 1, 2, 1 };

                private readonly nn.Module<Tensor, Tensor> layers;

                public Repeated(string name, int numClasses) : base(name)
                {
                    if (planes.Length != strides.Length) throw new System.ArgumentException("'planes' and 'strides' must have the same length.");

                    var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
                    modules.Add(($"conv2d-first", nn.Conv2d(3, 4, kernel_size: 3, padding: 1, bias: false)));
                    modules.Add(($"bnrm2d-first", nn.BatchNorm2d(4)));
                    MakeLayers(modules, 4);
                    modules.Add(("avgpool", nn.AdaptiveAvgPool2d(1)));
                    modules.Add(("flatten", nn.Flatten()));
                    modules.Add(("linear", nn.Linear(planes[^1], numClasses)));
                    layers = nn.Sequential(modules);
                    RegisterComponents();
                }

                private void MakeLayers(List<(string, nn.Module<Tensor, Tensor>)> modules, long in_planes)
                {
                    for (var i = 0; i < strides.Length; i++)
                    {
                        modules.Add(($"conv2d-{i}a", nn.Conv2d(in_planes, planes[i], kernel_size: 3, stride: strides[i], padding: 1, bias: false)));
                        modules.Add(($"bnrm2d-{i}a", nn.BatchNorm2d(planes[i])));
                        modules.Add(($"relu-{i}a", nn.ReLU()));
                        in_planes = planes[i];
                    }
                }

                public override Tensor forward(Tensor input) => layers.forward(input);
            }
            """,
            ["repeated", 5],
            [2, 3, 8, 8]
        },
        {
            "Initialized",
            """
            public class Initialized : nn.Module<Tensor, Tensor>
            {
                /// <summary>Starts at zero.</summary>
                private readonly Linear head;
                private readonly Linear hidden;
                private readonly long width;
                private int calls;

                public Initialized(string name, int width) : base(name)
                {
                    this.width = width;
                    var twice = 2 * width;
                    hidden = nn.Linear(width, twice);
                    head = nn.Linear(2 * width, 2);
                    InitWeights();
                    RegisterComponents();
                }

                private void InitWeights() => nn.init.zeros_(head.weight);

                public override Tensor forward(Tensor x)
                {
                    calls++;
                    return head.call(hidden.call(x.reshape(-1, width)).tanh());
                }
            }
            """,
            ["initialized", 4],
            [3, 4]
        },
        {
            "Buffered",
            """
            public class Buffered : nn.Module<Tensor, Tensor>
            {
                private readonly Linear proj = nn.Linear(4, 4);
                private readonly Tensor mask = tensor(new[] { 1f, 0f, 1f, 0f });

                public Buffered() : base("buffered") => RegisterComponents();

                public override Tensor forward(Tensor x) => proj.call(x) * mask;
            }
            """,
            [],
            [3, 4]
        },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_converted_module_computes_the_same(string name, string source, object[] arguments, long[] batch) =>
        AssertSame(name, source, Convert(name, source), arguments, batch);

    [Theory]
    [MemberData(nameof(Models))]
    public void So_does_one_of_which_the_shape_of_a_sample_is_stated(string name, string source, object[] arguments, long[] batch)
    {
        if (batch[0] == -1 || name == "WithLstm")
        {
            // Of a sequence the length stays open.
            return;
        }

        // A size that a parameter of the constructor is is stated by its name.
        var parameter = name switch
        {
            "Gated" or "Scaled" => "dim",
            "Listed" or "Normed" or "Initialized" => "width",
            "ResidualBlock" => "planes",
            _ => null,
        };
        var sizes = batch[1..].Select(size => parameter is not null && size.Equals(System.Convert.ToInt64(arguments.First(one => one is not string)))
            ? Dim.Symbol(parameter)
            : size).ToArray();
        var converted = Result(name, source, Shape.Of(Layout.Open, sizes));
        Assert.Null(converted.Obstacle);
        Assert.Empty(converted.Notes);
        Assert.StartsWith("[Model, Input(", converted.Code);
        Assert.DoesNotContain("\"H\"", converted.Code);
        AssertSame(name, source, converted.Code!, arguments, batch);
    }

    private static void AssertSame(string name, string source, string converted, object[] arguments, long[] batch)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var before = Create(source, name, arguments);
        var after = Create(converted, name, arguments);
        Assert.Equal(before.state_dict().Keys.Order(), after.state_dict().Keys.Order());
        before.to(ScalarType.Float64);
        after.to(ScalarType.Float64);
        after.load_state_dict(before.state_dict());
        var x = batch[0] == -1 ? randint(0, 20, batch[1..]) : randn(batch, ScalarType.Float64);
        foreach (var train in source.Contains("Dropout") ? [false] : new[] { false, true })
        {
            before.train(train);
            after.train(train);
            before.zero_grad();
            after.zero_grad();
            var expected = before.call(x);
            var actual = after.call(x);
            Assert.True(actual.allclose(expected, rtol: 1e-6, atol: 1e-6), converted);
            expected.pow(2).sum().backward();
            actual.pow(2).sum().backward();
            foreach (var (path, parameter) in after.named_parameters())
            {
                Assert.True(parameter.grad!.allclose(before.get_parameter(path)!.grad!, rtol: 1e-6, atol: 1e-6), $"{path}\n{converted}");
            }
        }
    }

    [Fact]
    public void There_are_at_least_12_models() => Assert.InRange(Models.Count, 12, 100);

    [Fact]
    public void A_chain_becomes_blocks_without_a_forward() => Assert.Equal(
        """
        [Model, Input(6)]
        partial class Net(int hidden, double drop = 0.1) : SourceNet.Model
        {
            [Name(""), Linear(nameof(hidden), Name = "body.lin1"), Activation(ActivationKind.Tanh), Dropout(nameof(drop))]
            private partial Tensor BodyLin1(Tensor x);

            [Name(""), Linear("2 * hidden", Name = "body.lin2")]
            private partial Tensor BodyLin2(Tensor x);
        }
        """,
        Convert(
            "Net",
            """
            class Net : nn.Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.Sequential body;

                public Net(int hidden, double drop = 0.1) : base("net")
                {
                    body = nn.Sequential(
                        ("lin1", nn.Linear(6, hidden)), ("act", nn.Tanh()), ("drop", nn.Dropout(drop)), ("lin2", nn.Linear(hidden, 2 * hidden)));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """));

    [Fact]
    public void What_the_constructor_does_besides_stays_and_callers_find_the_constructor_that_they_know()
    {
        var converted = Convert("Digits", SourceOf("Digits"));
        Assert.Contains(
            """
                public Digits(string name, Device device = null)
                {
                    if (device != null && device.type != DeviceType.CPU)
            """,
            converted);
        Assert.DoesNotContain("RegisterComponents", converted);
    }

    [Fact]
    public void What_only_made_the_layers_goes_with_them()
    {
        var converted = Convert("Repeated", SourceOf("Repeated"));
        Assert.Contains("public Repeated(string name, int numClasses) : this(numClasses)", converted);
        Assert.Contains("""[Name(""), Linear(nameof(numClasses), Name = "layers.linear")]""", converted);
        Assert.Contains("Activation(ActivationKind.ReLU), GlobalAveragePool]", converted);
        Assert.DoesNotContain("planes", converted);
        Assert.DoesNotContain("forward", converted);
    }

    [Fact]
    public void Attributes_that_do_not_fit_into_a_line_begin_one_with_each_weight()
    {
        var converted = Convert("Pooled", SourceOf("Pooled"));
        Assert.Contains(
            """
                [Name("")]
                [Conv2d(6, Kernel = 3, Stride = 2, Padding = 1, Name = "features.c1"), Activation(ActivationKind.ReLU),
                 MaxPool2d(2)]
                [Conv2d(4, Kernel = 3, Padding = 1, Name = "features.c2"), Activation(ActivationKind.ReLU)]
                private partial Tensor Features(Tensor x);
            """,
            converted);
        Assert.All(converted.Split('\n'), line => Assert.InRange(line.Length, 0, 130));
    }

    [Fact]
    public void Where_the_size_of_images_is_open_that_is_said()
    {
        var digits = SourceOf("Digits");
        var open = Result("Digits", digits);
        Assert.Contains("--input", Assert.Single(open.Notes));
        Assert.Contains("[Model, Input(1, \"H\", \"W\")]", open.Code);
        Assert.Equal(
            "'fc1' takes 64, but a sample of [1, 14, 14] comes to it as [100]",
            Result("Digits", digits, Shape.Of(Layout.Open, 1, 14, 14)).Obstacle);
    }

    [Fact]
    public void With_the_parameters_of_the_primary_constructor_moving_to_a_device_is_left_to_the_caller()
    {
        var converted = Result(
            "Net",
            """
            class Net : nn.Module<Tensor, Tensor>
            {
                private readonly Linear a;

                public Net(int width) : base("net")
                {
                    a = nn.Linear(width, 2);
                    RegisterComponents();
                    this.to(CPU);
                }

                public override Tensor forward(Tensor x) => a.call(x);
            }
            """);
        Assert.Equal("left out, for those who make the model to do: this.to(CPU)", Assert.Single(converted.Notes));
        Assert.DoesNotContain("CPU", converted.Code);
    }

    [Fact]
    public void Without_a_layer_to_say_each_part_is_named_with_its_reason() => Assert.Equal(
        "none of the parts of 'Net' can become a block (layers: what it holds is no layer of TorchSharp, or not known at compile time; "
            + "slope: no attribute says LeakyReLU with its settings)",
        Result(
            "Net",
            """
            class Net : nn.Module<Tensor, Tensor>
            {
                private readonly nn.Module<Tensor, Tensor> layers;
                private readonly nn.Module<Tensor, Tensor> slope = nn.LeakyReLU(0.3);

                public Net(string name) : base(name)
                {
                    var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
                    for (var i = 0; i < name.Length; i++)
                    {
                        modules.Add(($"linear-{i}", nn.Linear(2, 2)));
                    }

                    layers = nn.Sequential(modules);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => slope.call(layers.call(x));
            }
            """).Obstacle);

    [Theory]
    [InlineData(
        "public Net() : base(\"net\") { if (true) RegisterComponents(); }",
        "the constructor of 'Net' does more than make its parts: if (true) RegisterComponents();")]
    [InlineData(
        "public Net(int width) : base(\"net\") { RegisterComponents(); System.Console.WriteLine(b); } private readonly Linear b = nn.Linear(width, 2);",
        "the constructor of 'Net' does more than make its parts: System.Console.WriteLine(b)")]
    [InlineData(
        "private Linear b; public Net(bool wide) : base(\"net\") { if (wide) b = nn.Linear(2, 2); RegisterComponents(); }",
        "the constructor of 'Net' does more than make its parts: if (wide) b = nn.Linear(2, 2);")]
    public void What_prevents_it_is_said(string members, string obstacle) => Assert.Equal(
        obstacle,
        Result(
            "Net",
            $$"""
            class Net : nn.Module<Tensor, Tensor>
            {
                private readonly Linear a = nn.Linear(2, 2);
                {{members}}
                public override Tensor forward(Tensor x) => a.call(x);
            }
            """).Obstacle);

    [Theory]
    [InlineData("nn.LeakyReLU(0.3)")]
    [InlineData("nn.Conv2d(2, 2, 3, padding_mode: PaddingModes.Reflect)")]
    [InlineData("nn.BatchNorm2d(2, track_running_stats: false)")]
    [InlineData("nn.AdaptiveAvgPool2d(1)")]
    public void A_layer_that_no_attribute_says_exactly_stays_as_it_is(string layer)
    {
        var converted = Convert(
            "Net",
            $$"""
            class Net : nn.Module<Tensor, Tensor>
            {
                private readonly Linear a = nn.Linear(2, 2);
                private readonly nn.Module<Tensor, Tensor> odd = {{layer}};

                public Net() : base("net") => RegisterComponents();

                public override Tensor forward(Tensor x) => a.call(odd.call(x).bincount());
            }
            """);
        Assert.Contains($"odd = {layer};", converted);
        Assert.Contains("A(odd.call(x).bincount())", converted);
    }

    private static string SourceOf(string name) => (string)Models.Single(model => (string)model[0] == name)[1];

    private static Modeling.Conversion.Conversion Result(string name, string source, Shape? input = null)
    {
        var compilation = Sources.Of(source).Compilation;
        return ModelConverter.Convert(compilation, compilation.GetTypeByMetadataName(name)!, input, default);
    }

    private static string Convert(string name, string source)
    {
        var result = Result(name, source);
        Assert.Null(result.Obstacle);
        return result.Code!;
    }

    private static nn.Module<Tensor, Tensor> Create(string source, string name, object[] arguments)
    {
        var sources = Sources.Of(source);
        sources = sources.DeclaresModels ? sources.Generated() : sources;
        Assert.True(sources.CompilerErrors().Count == 0, string.Join("\n", sources.CompilerErrors().Append((object)source)));
        using var assembly = new MemoryStream();
        Assert.True(sources.Compilation.Emit(assembly).Success);
        assembly.Position = 0;
        var type = new AssemblyLoadContext(null).LoadFromStream(assembly).GetType(name)!;
        return (nn.Module<Tensor, Tensor>)Activator.CreateInstance(type, arguments)!;
    }
}
