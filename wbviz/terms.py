"""The terms of the book: what each means, the chapter that introduces it, and the figure that shows it best.

Read by the glossary and by the concept map. The word *bias* has three meanings, and so three entries.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """What a word means in this book.

    meaning: a sentence or two of plain text.  chapter: the number of the one that introduces it.
    preset: the figure that shows it best, as a text to share (`Neuron(b=-2)`).
    """

    meaning: str
    chapter: int
    preset: str


#: Chapter → term → its meaning, and the figure that shows it.
_BY_CHAPTER = {
    1: {
        "activation function": ("What turns the sum z of a neuron into its output: a = f(z).", "ActivationShapes()"),
        "bias (parameter)": ("The number b that is added to a neuron's weighted sum, like the weight of an input that "
                             "is always 1. Two other things have the same name: bias (of a method) and bias "
                             "(unfairness).", "Neuron(x=[0.0, 0.0], w=[3.0, -1.0], b=2.0)"),
        "decision line": ("Where the sum of a neuron with two inputs is 0. On its two sides the neuron answers "
                          "differently.", "DecisionLine(target='and', w=[1.0, 1.0], b=-0.5)"),
        "input": ("A number xᵢ that comes into a neuron.", "Neuron(x=[1.0, 0.5, -1.5], w=[1.0, 1.0, 1.0], b=0.0)"),
        "margin": ("The strip along a decision line in which the sum z lies between −1 and 1: 1/‖w‖ on each side.",
                   "DecisionLine(target='or', w=[3.0, 3.0], b=-1.5)"),
        "neuron": ("A unit that multiplies each input by its weight, adds the products and its bias, and sends the "
                   "sum through its activation function. In a network it is called a unit.",
                   "Neuron(x=[1.0, 0.5], w=[1.5, -1.0], b=-0.5)"),
        "output": ("The number a = f(z) that leaves a neuron.",
                   "Neuron(x=[1.0, 0.5], w=[1.5, -1.0], b=-0.5, activation='tanh')"),
        "parameter": ("A number that training adjusts: a weight or a bias.", "ForwardPass()"),
        "sigmoid": ("The activation that squeezes every sum into the range from 0 to 1.",
                    "ActivationShapes(activation='sigmoid', w=1.0, b=0.0)"),
        "sum z": ("The weighted sum of a neuron plus its bias.",
                  "Neuron(x=[1.0, 0.5], w=[1.5, -1.0], b=-0.5, activation='identity')"),
        "threshold": ("The value −b that the weighted sum of a neuron must pass to make its sum z positive.",
                      "Neuron(x=[1.0], w=[1.0], b=-2.0, activation='step')"),
        "weight": ("The number that an input is multiplied by. Its size says how strongly the input counts, its sign "
                   "in which direction.", "Neuron(x=[1.0], w=[2.0], b=0.0)"),
        "weighted sum": ("The inputs, each times its weight, added up, before the bias: w · x.",
                         "Neuron(x=[1.0, 2.0, -1.0], w=[2.0, -1.0, 0.5], b=0.0)"),
        "XOR": ("The task of answering 1 where exactly one of two inputs is 1. No decision line solves it.",
                "DecisionLine(target='xor', w=[1.0, 1.0], b=-0.5)"),
    },
    2: {
        "accuracy": ("The share of right answers. The share of wrong ones is the error.",
                     "WeightSurgery(operation='none', amount=0.0)"),
        "architecture": ("How many layers and units a network has, and with which activations: what is there before "
                         "any weight or bias has a value.", "ForwardPass(shape='2-3-1')"),
        "confusion matrix": ("How often each true class was taken for each other one.",
                             "WeightSurgery(operation='noise', amount=1.0)"),
        "epoch": ("One pass over all training examples.", "LearningFilm(epochs=10, batch=5, step=12)"),
        "generalisation": ("To do well on examples that were not learned from.", "Generalise(examples=200)"),
        "generalisation gap": ("Test error minus training error.", "Generalise(examples=20)"),
        "hidden layer": ("A layer between the inputs and the output: nobody says what its units should answer.",
                         "ForwardPass(shape='2-4-1', step=0)"),
        "layer": ("Units side by side that get the same inputs. The outputs of one layer are the inputs of the next.",
                  "MatrixForm(view='two layers, a batch')"),
        "logit": ("The sum z of an output neuron, before it is turned into a probability.", "DigitPad(example=6)"),
        "ReLU": ("The activation that lets positive sums pass and answers 0 to all others.",
                 "ActivationShapes(activation='relu', w=1.0, b=0.0)"),
        "softmax": ("What turns the logits of a network into probabilities: all positive, largest where the logit is, "
                    "and together 1.", "DigitPad(example=3)"),
        "test set": ("Examples kept away from training and from every choice, to judge the network once at the end.",
                     "Generalise(dataset='digits', examples=100)"),
        "training": ("Adjusting weights and biases so that the error on examples becomes smaller.", "LearningFilm()"),
        "training set": ("The examples a network learns from.", "Generalise(examples=10)"),
    },
    3: {
        "backpropagation": ("Computing the gradient from the loss backwards, using each factor once.",
                            "BackwardPass(step=8)"),
        "batch": ("The examples that one step is computed from.", "MatrixForm(view='one layer, a batch', n=6)"),
        "central difference": ("A derivative measured by computing the loss twice: with the parameter a little larger "
                               "and a little smaller.", "BackwardPass(step=29, checks=True)"),
        "chain rule": ("The derivative of a chain of steps is the product of the derivatives of its links. Where "
                       "several chains lead to the loss, their products are added.", "BackwardPass(step=20)"),
        "cross-entropy": ("The loss of a network that sorts into classes: minus the logarithm of the probability that "
                          "it gives to the right class, on average.", "LossSurface(loss='binary_cross_entropy')"),
        "derivative": ("How fast the loss changes when one parameter does.",
                       "UpdateStep(direction='one parameter only')"),
        "forward pass": ("Computing all sums and activations, from the inputs to the output.", "ForwardPass(step=4)"),
        "gradient": ("The derivatives of the loss in all weights and biases together.", "BackwardPass()"),
        "gradient descent": ("Computing the gradient where one stands, going a little against it, and repeating.",
                             "LossSurface()"),
        "learning rate": ("The factor between the gradient and the step.", "UpdateStep(lr=1.0)"),
        "loss": ("One number that says how far the answers are from the targets.", "BackwardPass(step=1)"),
    },
    4: {
        "broadcasting": ("Adding the one row b to every row of a table.", "MatrixForm()"),
        "kink": ("Where a ReLU unit switches, at x = −b/w: the bend in its curve.", "CurveBuilder(units=2)"),
        "matrix": ("The weights W of a layer as a table: a row for each input, a column for each unit.",
                   "MatrixForm(view='one layer, one input')"),
        "saturated": ("Where the slope of an activation is nearly 0, so that neither weight nor bias can learn much.",
                      "ActivationShapes(activation='sigmoid', w=2.0, b=0.0, x=4.0)"),
        "tanh": ("The activation that squeezes every sum into the range from −1 to 1.",
                 "ActivationShapes(activation='tanh', compare='sigmoid', w=1.0, b=0.0)"),
        "universal approximation": ("With enough hidden units that bend, a network can come as close as one likes to "
                                    "any continuous curve on a stretch of the axis. Whether training finds it is "
                                    "another question.", "CurveBuilder(units=8)"),
    },
    5: {
        "Adam": ("An optimiser that keeps a velocity and the mean square of past gradients, and corrects both for "
                 "having begun at 0.", "OptimizerRace(focus='adam', step=1)"),
        "curvature": ("How quickly the slope of the loss changes along a direction. The larger it is, the smaller the "
                      "learning rate has to be.", "UpdateStep(second=True)"),
        "diverge": ("To move away without end: each step leads further out than the one before.",
                    "LossSurface(first='w h₃→ŷ', second='b ŷ', steps=60, step=6, lr=1.5)"),
        "L1": ("The penalty λΣ|w|. It makes some weights exactly 0.", "Regularise(kind='L1', lam=0.8)"),
        "L2": ("The penalty λ/2·Σw². It makes all weights smaller, and none of them exactly 0.",
               "Regularise(kind='L2', lam=0.8)"),
        "loss surface": ("The loss as a landscape over weights and biases.", "LossSurface(view='relief')"),
        "momentum": ("A velocity for each weight and each bias that keeps the share β of itself: old gradients fade, "
                     "and what they had in common adds up.", "Momentum()"),
        "optimiser": ("The rule that makes a step out of gradients.", "OptimizerRace()"),
        "regularisation": ("A penalty on the weights, in order to do better on new data.", "Regularise(lam=0.4)"),
        "RMSprop": ("An optimiser that divides each gradient by the root of its mean square: steep directions are "
                    "slowed, flat ones sped up.", "OptimizerRace(focus='rmsprop')"),
        "stochastic gradient descent": ("SGD: gradient descent on batches of a few examples, whose gradient is a "
                                        "guess of that of all.", "LossSurface(batch='1')"),
        "λ": ("How much a penalty counts beside the loss: the Greek letter lambda.",
              "Regularise(view='against λ', lam=1.0)"),
    },
    6: {
        "capacity": ("How many different functions a model can be set to. Its units set the limit; examples, penalty "
                     "and epochs decide how much of it is used.", "FitExplorer(hidden=4)"),
        "cross-validation": ("Judging a model k times, each time on a part of the examples that it did not learn "
                             "from. The mean of the k scores is the result.", "CrossValidation()"),
        "fold": ("One of the k parts of the examples, held out in turn.", "CrossValidation(k=3, fold=2)"),
        "hyperparameter": ("What is decided before training, such as the learning rate or the number of units.",
                           "HyperparameterSearch()"),
        "leak": ("Something computed before or in training with the help of rows that judge afterwards.",
                 "CrossValidation(dataset='coin flips', leak='features from all rows')"),
        "nested cross-validation": (
            "A search inside each part of a cross-validation, so that the choosing is judged too.",
            "HyperparameterSearch(dataset='moons', strategy='random', trials=16, examples=40, seed=2)"),
        "noise": ("How far data are from the truth, by chance. No network can foresee it.",
                  "FitExplorer(noise=0.6, hidden=4)"),
        "optimism": ("How much more the best score promises than it keeps.",
                     "HyperparameterSearch(dataset='coin_flips')"),
        "overfitting": ("Small errors on the examples learned from and large ones on new examples: the noise was "
                        "learned as well.", "FitExplorer(hidden=16, epochs=1000)"),
        "underfitting": ("Large errors on new examples, and on those learned from as well: the model expresses too "
                         "little.", "FitExplorer(hidden=1)"),
        "validation set": ("Examples held out of training to choose by, as often as one likes.",
                           "FitExplorer(hidden=8, epochs=300)"),
    },
    7: {
        "condition number κ": ("How many times as steep a ravine is across as along.", "Momentum(kappa=100.0)"),
        "critical damping": ("As much momentum as there can be without swinging.", "Momentum(lr=1.0, beta=0.64)"),
        "learning-rate schedule": ("A rule that gives each step its learning rate.", "ScheduleDesigner()"),
        "local minimum": ("A place lower than all places near it.", "LocalMinima()"),
        "noise floor": ("The height above the lowest loss at which mini-batches and a constant rate keep a training.",
                        "ScheduleDesigner(schedule='constant')"),
        "range test": ("One short run with a rising learning rate, in order to find a good one.",
                       "LearningRateFinder()"),
        "warm-up": ("Steps at the beginning in which the learning rate rises.",
                    "ScheduleDesigner(schedule='linear_warmup')"),
    },
    8: {
        "backpropagation through time": ("Backpropagation along all steps of a sequence, whose slopes for the shared "
                                         "weights and biases add up.",
                                         "Clipping(problem='recurrent network', length=50)"),
        "clipping": ("Making a gradient smaller that is larger than a threshold: by norm, which keeps its direction, "
                     "or by value, entry by entry.", "Clipping(step=20)"),
        "dead unit": ("A ReLU unit that fires on no example. Its gradient is exactly 0.", "DeadReLU(lr=8.0)"),
        "early stopping": ("Keeping the weights and biases of the epoch at which the error on held-out points was "
                           "lowest.", "FitExplorer(epochs=200)"),
        "exploding gradient": ("So much of the error gets back to a layer that a step leads far away.",
                               "GradientFlow(activation='relu', init='he', gain=2.0)"),
        "He's initialisation": ("Starting weights of a size that keeps signals as they are with ReLU.",
                                "GradientFlow(activation='relu', init='he', step=200)"),
        "initialisation": ("The size and the chance of the weights at the start. Biases mostly begin at 0.",
                           "GradientFlow(activation='tanh', init='small_normal')"),
        "patience": ("How many epochs early stopping waits for a better one.", "Playground(patience=20)"),
        "recurrent network": ("A network that uses the same weights and biases at every step of a sequence.",
                              "Clipping(problem='recurrent network')"),
        "symmetry": ("Units with the same weights and biases get the same gradients and stay copies of each other. "
                     "Random weights at the start break it, and zeros never do.",
                     "GradientFlow(activation='sigmoid', init='zeros', depth=1, width=8, lr=1.0, step=200)"),
        "vanishing gradient": ("So little of the error gets back to a layer that its weights and biases hardly move.",
                               "GradientFlow()"),
        "Xavier's initialisation": ("Starting weights of a size that keeps signals as they are with tanh.",
                                    "GradientFlow(activation='tanh', init='xavier', step=200)"),
    },
    9: {
        "automatic differentiation": ("Derivatives of a program, from the slopes of its single operations. They are "
                                      "exact but for rounding.", "AutodiffTape(step=8)"),
        "framework": ("A library for building and training networks, such as PyTorch and TensorFlow. Keras is a way "
                      "of writing models that runs on several.", "Frameworks()"),
        "npz, safetensors": ("Files that hold numbers only. A pickle, in contrast, can run code when it is opened.",
                             "Playground(layers=[8])"),
        "parallel coordinates": ("A picture with an axis for each setting, in which each run is a line.",
                                 "RunBoard(axis='hidden')"),
        "precision of a number": ("How many digits it keeps: 64 bits hold about sixteen, 32 bits about seven.",
                                  "Frameworks(precision='float32')"),
        "reverse mode": ("Reading the tape from its end, so that one reading gives the derivative of one result in "
                         "everything.", "AutodiffTape(step=12)"),
        "run": ("One training with its settings, seed, curves and end.", "RunBoard(run=20)"),
        "tape": ("The record of a calculation: its operations in the order in which they were made. As a picture it "
                 "is called a computation graph.", "AutodiffTape(expression='one neuron, used twice')"),
        "tracking": ("Keeping runs, so that they can be compared and made again.", "RunBoard()"),
        "Weights & Biases": ("Written with an ampersand: a company, and its platform for tracking. Without one: the "
                             "numbers in a network.", "RunBoard(metric='loss', log=True)"),
    },
    10: {
        "adapt": ("To make a few gradient steps on a new task, from a given start.", "MetaLearning(step=5)"),
        "AutoML": ("To automate the choice of a model, its architecture and its settings.", "ArchitectureSearch()"),
        "importance": ("How much a setting matters, by some measure, over some range.",
                       "ArchitectureSearch(dataset='digits', way='random', trials=60)"),
        "MAML": ("Meta-learning in which the start goes down the gradient of the loss after the inner steps. The "
                 "first-order form leaves second derivatives away.", "MetaLearning(method='MAML')"),
        "median rule": ("Pruning: to end a trial that is below the median of the others at the same epoch.",
                        "ArchitectureSearch(prune=True)"),
        "meta-learning": ("To learn from many tasks how to learn the next one.", "MetaLearning()"),
        "random search": ("Drawing each setting by chance, whatever came before: the measure of all cleverer searches.",
                          "HyperparameterSearch(strategy='random')"),
        "Reptile": ("Meta-learning in which the start moves towards where the inner steps led.",
                    "MetaLearning(method='Reptile')"),
        "task": ("One problem among many of a kind, here one sine curve.", "MetaLearning(amplitude=2.0, phase=3.0)"),
        "TPE": ("A search that tries what good trials have and bad ones have not.", "ArchitectureSearch(way='TPE')"),
        "trial": ("One setting, trained and judged.", "ArchitectureSearch(way='by hand')"),
    },
    11: {
        "bias (of a method)": ("The squared distance of the average of many trained models from the truth: bias², a "
                               "part of the error. It is neither bias (parameter) nor bias (unfairness).",
                               "BiasVariance(capacity=1)"),
        "checkpoint": ("All numbers of a training at one step, from which it can go on; in a film it is called a "
                       "keyframe.", "LearningFilm(memory=8, step=150)"),
        "double descent": ("An error that falls, rises to a peak, and falls again as a model grows.",
                           "BiasVariance(model='random ReLU units', capacity=20)"),
        "variance": ("How far single trained models are from their average, squared, on average: a part of the error.",
                     "BiasVariance(capacity=16)"),
    },
    12: {
        "base rate": ("The share of a group that deserves to be approved.",
                      "FairnessLab(dataset='two made-up groups', base_gap=0.4)"),
        "bias (unfairness)": ("Decisions that treat groups of people differently without a good reason: a judgement, "
                              "and no number of a network. It is neither bias (parameter) nor bias (of a method).",
                              "FairnessLab(dataset='credit by age')"),
        "bootstrap": ("To draw the rows again many times, in order to see how uncertain a number is.",
                      "FairnessLab(dataset='credit by age', view='slices')"),
        "demographic parity": ("The goal of equal selection rates.",
                               "FairnessLab(dataset='two made-up groups', goal='demographic parity')"),
        "equal opportunity": ("The goal of equal true positive rates.",
                              "FairnessLab(dataset='two made-up groups', goal='equal opportunity')"),
        "equalised odds": ("The goal of equal true positive rates and equal false positive rates.",
                           "FairnessLab(dataset='two made-up groups', goal='equalised odds')"),
        "fairness penalty": ("A term of the loss that tells the training a fairness goal, with a λ of its own. "
                             "Training that is told a goal is called fairness-aware.",
                             "FairnessLab(dataset='two made-up groups', label_bias=0.5, lam=10)"),
        "false positive rate": ("FPR: the share of those approved among those who do not deserve it.",
                                "FairnessLab(dataset='credit by sex', goal='equalised odds')"),
        "frontier": ("The best accuracy that was found for each degree of fairness.",
                     "FairnessLab(dataset='credit by age', view='frontier')"),
        "label bias": ("Records that are more often wrong for one group than for the other.",
                       "FairnessLab(dataset='two made-up groups', label_bias=0.5, judge='deserved')"),
        "precision of a model": ("The share of the deserving among those it approves.",
                                 "FairnessLab(dataset='credit by age', goal='predictive parity')"),
        "predictive parity": ("The goal of equal precision in all groups. Where base rates differ, it excludes "
                              "equalised odds.", "FairnessLab(dataset='credit by age', view='conflict')"),
        "proxy": ("A column that tells of the group without naming it.",
                  "FairnessLab(dataset='two made-up groups', label_bias=0.5, proxy=1.0, column=False)"),
        "reweighing": ("Weights for rows that make label and group independent.",
                       "FairnessLab(dataset='two made-up groups', label_bias=0.5, reweigh=True)"),
        "selection rate": ("The share of a group that is approved.",
                           "FairnessLab(dataset='credit by age', threshold=0.6)"),
        "thresholds by group": ("Deciding each group's scores by a threshold of its own: the network stays, what is "
                                "done with it changes.",
                                "FairnessLab(dataset='credit by age', apart=True, thresholds=[0.45, 0.55])"),
        "true positive rate": ("TPR: the share of those approved among the deserving.",
                               "FairnessLab(dataset='credit by sex', goal='equal opportunity')"),
    },
}  # fmt: skip

#: Every term by its name, from A to Z.
TERMS = {
    name: Term(meaning, chapter, preset)
    for name, chapter, (meaning, preset) in sorted(
        ((name, chapter, entry) for chapter, entries in _BY_CHAPTER.items() for name, entry in entries.items()),
        key=lambda found: found[0].casefold(),
    )
}
