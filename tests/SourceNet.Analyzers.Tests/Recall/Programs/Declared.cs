// A declared model: its own optimizer, its own loss, its own scopes.
[Model, Input(8), WeightDecay(1e-2), LabelSmoothing(0.1)]
sealed partial class Declared(double dropout = 0.2)
{
    [Linear(32), Activation(ReLU), Dropout(nameof(dropout))]
    private partial Tensor Hidden(Tensor x);

    [Linear(4), Output]
    private partial Tensor Logits(Tensor x);
}

class DeclaredTraining
{
    public float Run(IEnumerable<(Tensor X, Tensor Y)> batches, Tensor test, Tensor labels)
    {
        using var model = new Declared();
        using var optimizer = model.CreateOptimizer(learningRate: 0.01);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var (x, y) in batches)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var logits = model.call(x);
                var loss = model.Loss(logits, y);
                loss.backward();
                optimizer.step();
            }

            using (model.EvalScope())
            using (no_grad())
            {
                using var scope = NewDisposeScope();
                Console.WriteLine(model.call(test).argmax(1).eq(labels).to(ScalarType.Float32).mean().item<float>());
            }
        }

        using (model.MonteCarloDropout())
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            return stack([model.call(test), model.call(test)]).std().item<float>();
        }
    }
}
